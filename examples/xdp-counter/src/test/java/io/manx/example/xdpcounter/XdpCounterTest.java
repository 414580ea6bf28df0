package io.manx.example.xdpcounter;

import static org.assertj.core.api.Assertions.assertThat;

import io.manx.api.layout.Layout;
import io.manx.api.stage.StateMap;
import io.manx.testkit.Packets;
import io.manx.testkit.StageHarness;
import io.manx.testkit.Verdict;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A frame in; what the counters of all CPUs hold together, out. */
class XdpCounterTest {
    private static final InetAddress CLIENT = Packets.address("198.51.100.7");
    private static final InetAddress SERVER = Packets.address("192.0.2.1");
    private static final InetAddress CLIENT6 = Packets.address("2001:db8::7");
    private static final InetAddress SERVER6 = Packets.address("2001:db8::1");
    private static final byte[] UDP = Packets.udp(CLIENT, 5000, SERVER, 53).build();
    private static final byte[] UDP6 = Packets.udp(CLIENT6, 5000, SERVER6, 53).build();

    private StageHarness stage;

    @BeforeEach
    void load() {
        stage = StageHarness.of(Path.of("target/classes/META-INF/bpf/xdp_counter.bpf.o")).load();
    }

    @AfterEach
    void close() {
        stage.close();
    }

    @Test
    void countsWhatItDoesNotKnowAsOther() {
        run(Packets.truncated(UDP, StageHarness.LEAST_BYTES));
        byte[] strange = UDP.clone();
        ByteBuffer.wrap(strange).putShort(12, (short) 0x88b5);
        run(strange);

        assertThat(sum("KIND_OTHER", "frames")).isEqualTo(1);
        assertThat(sum("KIND_IP4", "frames")).as("a frame that ends after its Ethernet header").isEqualTo(1);
    }

    @Test
    void countsFramesAndBytesByKind() {
        run(UDP);
        run(UDP);
        run(UDP6);
        run(Packets.arp(CLIENT, SERVER));

        assertThat(sum("KIND_IP4", "frames")).isEqualTo(2);
        assertThat(sum("KIND_IP4", "bytes")).isEqualTo(2 * UDP.length);
        assertThat(sum("KIND_IP6", "frames")).isEqualTo(1);
        assertThat(sum("KIND_IP6", "bytes")).isEqualTo(UDP6.length);
        assertThat(sum("KIND_ARP", "frames")).isEqualTo(1);
        assertThat(sum("KIND_OTHER", "frames")).isZero();
    }

    private void run(byte[] frame) {
        assertThat(stage.run(frame).verdict()).isEqualTo(Verdict.NEXT);
    }

    /** How to read a per-CPU map: its value is one after the other, a CPU each, padded to 8 bytes. */
    private long sum(String kind, String member) {
        StateMap counters = stage.map("counters");
        Layout layout = counters.value();
        ByteBuffer row = counters.key().allocate().putInt(0, (int) stage.constant(kind));
        ByteBuffer all = counters.get(row).orElseThrow();
        int stride = (layout.size() + 7) / 8 * 8;
        long sum = 0;
        for (int at = 0; at < all.limit(); at += stride) {
            ByteBuffer one = all.slice(at, layout.size()).order(ByteOrder.nativeOrder());
            sum += layout.field(member).get(one);
        }
        return sum;
    }
}
