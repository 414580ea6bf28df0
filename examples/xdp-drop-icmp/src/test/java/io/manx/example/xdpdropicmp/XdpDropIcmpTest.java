package io.manx.example.xdpdropicmp;

import static org.assertj.core.api.Assertions.assertThat;

import io.manx.testkit.Packets;
import io.manx.testkit.StageHarness;
import io.manx.testkit.Verdict;
import java.net.InetAddress;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class XdpDropIcmpTest {
    private static final InetAddress CLIENT = Packets.address("198.51.100.7");
    private static final InetAddress SERVER = Packets.address("192.0.2.1");
    private static final InetAddress CLIENT6 = Packets.address("2001:db8::7");
    private static final InetAddress SERVER6 = Packets.address("2001:db8::1");

    private static StageHarness stage;

    @BeforeAll
    static void load() {
        stage = StageHarness.of(Path.of("target/classes/META-INF/bpf/xdp_drop_icmp.bpf.o")).load();
    }

    @AfterAll
    static void close() {
        stage.close();
    }

    @Test
    void dropsPings() {
        assertDropped(Packets.icmpEcho(CLIENT, SERVER, 1, 1).build());
        assertDropped(Packets.icmpEcho(CLIENT6, SERVER6, 1, 1).build());
        assertDropped(Packets.icmpEcho(CLIENT, SERVER, 1, 1).ipv4Options(new byte[] {1, 1, 1, 0}).build());
    }

    @Test
    void letsEverythingElseGoOn() {
        assertGoesOn(Packets.icmpEcho(CLIENT, SERVER, 1, 1).reply().build());
        assertGoesOn(Packets.icmpEcho(CLIENT6, SERVER6, 1, 1).reply().build());
        assertGoesOn(Packets.udp(CLIENT, 5000, SERVER, 53).build());
        assertGoesOn(Packets.neighbourSolicitation(CLIENT6, SERVER6));
        assertGoesOn(Packets.arp(CLIENT, SERVER));
    }

    @Test
    void letsPacketsGoOnThatEndBeforeTheirType() {
        byte[] ping = Packets.icmpEcho(CLIENT, SERVER, 1, 1).build();

        for (int length = StageHarness.LEAST_BYTES; length < 35; length++) {
            assertGoesOn(Packets.truncated(ping, length));
        }
    }

    private static void assertDropped(byte[] packet) {
        assertThat(stage.run(packet).reason()).isEqualTo("REASON_PING");
    }

    private static void assertGoesOn(byte[] packet) {
        assertThat(stage.run(packet).verdict()).isEqualTo(Verdict.NEXT);
    }
}
