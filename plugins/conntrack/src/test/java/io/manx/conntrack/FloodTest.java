package io.manx.conntrack;

import static org.assertj.core.api.Assertions.assertThat;

import io.manx.api.layout.Layout;
import io.manx.testkit.PacketBuilder;
import io.manx.testkit.Packets;
import java.net.InetAddress;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Floods of ten times the table, every packet a flow of its own, through parse, conntrack and the commit; between them
 * honest clients, whose answers each come only when some thousand packets of the flood have gone by.
 */
class FloodTest {
    private static final int TALKING = 50_000;
    private static final int FLOOD = 5_120_000;
    private static final int HONEST = 500;

    /** Of the flood, between two packets of an honest client: at a million a second, 3.4 ms. */
    private static final int BETWEEN = FLOOD / HONEST / 3;

    private static final double LEAST = 0.99;
    private static final InetAddress SERVER = Packets.address("10.96.0.1");

    private Lanes lanes;
    private int flooded;

    @BeforeEach
    void load() {
        lanes = new Lanes();
    }

    @AfterEach
    void close() {
        lanes.close();
    }

    @Test
    void synFloodEvictsNoConfirmedFlowAndKeepsNobodyOut() {
        flood(tcp("10.0.0.1", 1024, "SYN").build(), "SYN flood");
    }

    @Test
    void udpSprayEvictsNoConfirmedFlowAndKeepsNobodyOut() {
        byte[] spray = Packets.udp(Packets.address("10.0.0.1"), 1024, SERVER, 80).payload(32).build();
        flood(spray, "UDP spray");
    }

    private void flood(byte[] packet, String name) {
        lanes.fill(packet, TALKING);
        flooded = TALKING;
        for (int client = 0; client < HONEST; client++) {
            assertThat(connect(client, packet)).as("client %d", client).isTrue();
        }
        int through = honest();
        System.out.printf(
                Locale.ROOT,
                "flood: %s of %d packets: %d of %d confirmed flows left, %d of %d honest connections made, %d young flows%n",
                name,
                flooded - TALKING,
                lanes.count("manx_flows4") - through,
                TALKING,
                through,
                HONEST,
                lanes.count("manx_young4"));
        assertThat(lanes.count("manx_flows4")).isEqualTo(TALKING + through);
        assertThat((double) through / HONEST).isGreaterThanOrEqualTo(LEAST);
    }

    private void spray(byte[] packet) {
        lanes.turn(flooded, 1 << 30);
        lanes.time("bench_manx", packet, BETWEEN);
        flooded += BETWEEN;
    }

    /** How many of the honest clients' flows are confirmed: the server's address is the one end, theirs the other. */
    private int honest() {
        Layout key = lanes.map("manx_flows4").key();
        int[] count = new int[1];
        lanes.map("manx_flows4").forEach((at, flow) -> {
            boolean a = key.field("addr_a").bytes(at)[0] == (byte) 192;
            boolean b = key.field("addr_b").bytes(at)[0] == (byte) 192;
            count[0] += a || b ? 1 : 0;
        });
        return count[0];
    }

    private static PacketBuilder tcp(String client, int port, String... flags) {
        return Packets.tcp(Packets.address(client), port, SERVER, 80).flags(flags);
    }

    /** Whether its packets passed, which they do whatever becomes of its flow: that is what {@link #honest} tells. */
    private boolean connect(int client, byte[] flood) {
        String address = "192.0.2." + (1 + client % 250);
        int port = 2000 + client;
        PacketBuilder answer = Packets.tcp(SERVER, 80, Packets.address(address), port).flags("SYN", "ACK");
        boolean passed = lanes.pass(tcp(address, port, "SYN").sequence(100, 0).build());
        spray(flood);
        passed &= lanes.pass(answer.sequence(700, 101).build());
        spray(flood);
        passed &= lanes.pass(tcp(address, port, "ACK").sequence(101, 701).build());
        spray(flood);
        passed &= lanes.pass(tcp(address, port, "ACK").sequence(101, 701).payload(32).build());
        return passed;
    }
}
