package io.manx.conntrack;

import static org.assertj.core.api.Assertions.assertThat;

import io.manx.testkit.OneCpu;
import io.manx.testkit.Packets;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** flow_count.h: two CPUs with packets of one leg, at once and in turn, so that the leg has one owner after the other. */
class SharedLegTest {
    private static final int CPUS = 2;
    private static final int SPELLS = 12;
    private static final int AT_ONCE = 5_000;
    /** WISH_TICKS of the longest there are (100 a second), and some. */
    private static final long TICKS_MS = 40;

    /** Of the flow that Lanes.fill makes first. */
    private static final byte[] PACKET = Packets.udp(
                    Packets.address("10.0.0.0"), 1024, Packets.address("10.96.0.1"), 80)
            .payload(32)
            .build();

    /** Each has a spell together with the other, then one alone, in which it becomes the owner. @return packets */
    private static long spells(Lanes lanes, int cpu, CyclicBarrier both) throws Exception {
        long packets = 0;
        OneCpu here = new OneCpu(cpu);
        try {
            for (int spell = 0; spell < SPELLS; spell++) {
                both.await();
                packets += lanes.pass(PACKET, AT_ONCE);
                both.await();
                if (spell % CPUS == cpu) {
                    packets += lanes.pass(PACKET, 1);
                    Thread.sleep(TICKS_MS);
                    packets += lanes.pass(PACKET, AT_ONCE);
                }
            }
        } finally {
            here.close();
        }
        return packets;
    }

    @Test
    void countsEachPacketOnce() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(CPUS);
        CyclicBarrier both = new CyclicBarrier(CPUS);
        try (Lanes lanes = new Lanes()) {
            lanes.fill(PACKET, 1);
            List<Future<Long>> runs = List.of(
                    threads.submit(() -> spells(lanes, 0, both)), threads.submit(() -> spells(lanes, 1, both)));
            long packets = 0;
            for (Future<Long> run : runs) {
                packets += run.get();
            }
            assertThat(lanes.counted("manx_flows4")).isEqualTo(new Flow.Leg(packets, packets * PACKET.length));
        } finally {
            threads.shutdownNow();
        }
    }
}
