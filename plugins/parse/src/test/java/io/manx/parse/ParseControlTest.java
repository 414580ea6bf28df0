package io.manx.parse;

import static io.manx.parse.ParseStage.CLIENT;
import static io.manx.parse.ParseStage.SERVER;
import static org.assertj.core.api.Assertions.assertThat;

import io.manx.api.resource.FelixConfiguration;
import io.manx.api.resource.Resource.Source;
import io.manx.api.resource.Resources;
import io.manx.api.resource.Settings;
import io.manx.api.stage.StageControl;
import io.manx.testkit.Await;
import io.manx.testkit.Packets;
import java.time.Duration;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ParseControlTest {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final byte[] NONSENSE = Packets.tcp(CLIENT, 1, SERVER, 2).flags("SYN", "FIN").build();
    private static final byte[] LAND = Packets.udp(CLIENT, 1, CLIENT, 2).build();
    private ParseStage parse;
    private ParseControl control;

    @BeforeEach
    void load() {
        parse = new ParseStage();
        control = new ParseControl();
    }

    @AfterEach
    void close() {
        control.unloaded();
        parse.close();
    }

    @Test
    void dropsJudgementCallsUnlessToldOtherwise() {
        parse.drops(NONSENSE, "REASON_BAD_TCP_FLAGS");
        parse.drops(LAND, "REASON_LAND");
        control.loaded(parse.context());
        control.resources(Resources.NONE);
        parse.drops(NONSENSE, "REASON_BAD_TCP_FLAGS");
        parse.drops(LAND, "REASON_LAND");
    }

    @Test
    void changesEachJudgementCallAloneWhilePacketsFlow() {
        control.loaded(parse.context());
        control.resources(asking(false, true));
        parse.note(NONSENSE);
        parse.drops(LAND, "REASON_LAND");
        control.resources(asking(true, false));
        parse.drops(NONSENSE, "REASON_BAD_TCP_FLAGS");
        parse.note(LAND);
    }

    private static Resources asking(boolean dropTcpFlagNonsense, boolean dropLand) {
        Settings settings = new Settings(
                "default", Source.NONE, new Settings.Parse(dropTcpFlagNonsense, dropLand), Settings.Conntrack.DEFAULT);
        return new Resources(
                List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), FelixConfiguration.NONE, settings);
    }

    @Test
    void leavesNoThreadBehindWhenUnloaded() {
        control.loaded(parse.context());
        control.loaded(parse.context());
        awaitSweepingThreads(1);
        control.unloaded();
        awaitSweepingThreads(0);
        control.unloaded();
    }

    @Test
    void isFoundByServiceLoader() {
        assertThat(ServiceLoader.load(StageControl.class))
                .singleElement()
                .satisfies(found -> assertThat(found.stage()).isEqualTo("parse"));
    }

    private static void awaitSweepingThreads(int count) {
        Await.until(count + " threads sweep", SOON, () -> Thread.getAllStackTraces().keySet().stream()
                        .filter(thread -> thread.getName().equals("manx-parse-sweep"))
                        .count()
                == count);
    }
}
