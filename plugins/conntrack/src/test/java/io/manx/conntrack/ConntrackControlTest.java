package io.manx.conntrack;

import static io.manx.conntrack.Sample.CLIENT;
import static io.manx.conntrack.Sample.CLIENT6;
import static io.manx.conntrack.Sample.SERVER;
import static io.manx.conntrack.Sample.SERVER6;
import static org.assertj.core.api.Assertions.assertThat;

import io.manx.api.stage.StageControl;
import io.manx.testkit.Await;
import java.time.Duration;
import java.util.ServiceLoader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ConntrackControlTest {
    private static final Duration SOON = Duration.ofSeconds(60);
    private Tracker tracker;
    private ConntrackControl control;

    @BeforeEach
    void load() {
        tracker = new Tracker();
        control = new ConntrackControl();
    }

    @AfterEach
    void close() {
        control.unloaded();
        tracker.close();
    }

    @Test
    void leavesNoThreadBehindWhenUnloaded() {
        control.loaded(tracker.context);
        assertThat(sweepingThreads()).isEqualTo(1);
        control.unloaded();
        awaitSweepingThreads(0);
        control.unloaded();
    }

    @Test
    void sweepsWithOneThreadHoweverOftenItIsLoaded() {
        control.loaded(tracker.context);
        control.loaded(tracker.context);
        awaitSweepingThreads(1);
    }

    @Test
    void takesSilentFlowsOutOfBothTablesByItself() {
        control.loaded(tracker.context);
        tracker.pass(Sample.udp(CLIENT, SERVER));
        tracker.pass(Sample.udp(CLIENT6, SERVER6));
        tracker.wait(Duration.ofMinutes(2));
        Await.until("both flows are gone", SOON, () -> tracker.entries() == 0);
    }

    @Test
    void isFoundByServiceLoader() {
        assertThat(ServiceLoader.load(StageControl.class))
                .singleElement()
                .satisfies(found -> assertThat(found.stage()).isEqualTo("conntrack"));
    }

    /** A thread that has done its last work takes a moment to end. */
    private static void awaitSweepingThreads(int count) {
        Await.until(count + " threads sweep", SOON, () -> sweepingThreads() == count);
    }

    private static long sweepingThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("manx-conntrack-sweep"))
                .count();
    }
}
