package io.manx.parse;

import static io.manx.parse.ParseStage.CLIENT;
import static io.manx.parse.ParseStage.SERVER;
import static org.assertj.core.api.Assertions.assertThat;

import io.manx.api.resource.Resources;
import io.manx.api.stage.StageControl;
import io.manx.testkit.Await;
import io.manx.testkit.Packets;
import java.time.Duration;
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
        new ParseSettings(false, true).writeTo(parse.context());
        parse.note(NONSENSE);
        parse.drops(LAND, "REASON_LAND");
        new ParseSettings(true, false).writeTo(parse.context());
        parse.drops(NONSENSE, "REASON_BAD_TCP_FLAGS");
        parse.note(LAND);
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
