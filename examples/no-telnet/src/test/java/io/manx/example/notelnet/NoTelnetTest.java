package io.manx.example.notelnet;

import static org.assertj.core.api.Assertions.assertThat;

import io.manx.testkit.Outcome;
import io.manx.testkit.Packets;
import io.manx.testkit.StageHarness;
import io.manx.testkit.Verdict;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** How to test a stage: a packet and the note that parse would have made of it in, a verdict out. */
class NoTelnetTest {
    private static final int TCP = 6;
    private static final int UDP = 17;
    private static final int EPHEMERAL = 40000;
    private static final byte[] PACKET =
            Packets.tcp(Packets.address("198.51.100.7"), EPHEMERAL, Packets.address("192.0.2.1"), 23).build();

    private static StageHarness stage;

    @BeforeAll
    static void load() {
        stage = StageHarness.of(Path.of("target/classes/META-INF/bpf/no_telnet.bpf.o")).load();
    }

    @AfterAll
    static void close() {
        stage.close();
    }

    @Test
    void dropsTelnetBothWays() {
        assertThat(run(TCP, EPHEMERAL, 23).reason()).isEqualTo("REASON_TELNET");
        assertThat(run(TCP, 23, EPHEMERAL).reason()).isEqualTo("REASON_TELNET");
    }

    @Test
    void letsEverythingElseGoOn() {
        assertThat(run(TCP, EPHEMERAL, 80).verdict()).isEqualTo(Verdict.NEXT);
        assertThat(run(UDP, EPHEMERAL, 23).verdict()).isEqualTo(Verdict.NEXT);
    }

    private static Outcome run(int protocol, int sourcePort, int destinationPort) {
        return stage.run(PACKET, note -> note.set("protocol", protocol)
                .set("source_port", sourcePort)
                .set("destination_port", destinationPort));
    }
}
