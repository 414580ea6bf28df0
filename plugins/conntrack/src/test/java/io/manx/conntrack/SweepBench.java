package io.manx.conntrack;

import io.manx.api.stage.MapWalk;
import io.manx.testkit.Packets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What it costs to sweep a table of 512,000 flows, and what a packet notices of it. Prints, and asserts no times; not run by
 * itself: {@code mvn -pl plugins/conntrack -am verify -Dtest=SweepBench -Dsurefire.failIfNoSpecifiedTests=false}.
 */
class SweepBench {
    private static final int FLOWS = 512_000;
    private static final int PASSES = 5;
    private static final int PACKETS = 40_000;

    /** Of one table, as the Sweeper has it: four tables in turn, one every three seconds. */
    private static final double SECONDS_BETWEEN_PASSES = 12;

    private Lanes lanes;

    @BeforeEach
    void load() {
        lanes = new Lanes();
    }

    @AfterEach
    void close() {
        lanes.close();
    }

    private static byte[] tcp() {
        return Packets.tcp(Packets.address("10.0.0.1"), 1024, Packets.address("10.96.0.1"), 80)
                .flags("ACK")
                .sequence(1000, 1000)
                .payload(32)
                .build();
    }

    /** Of this thread, in nanoseconds: /proc counts what the kernel did for it too. */
    private static long processorNanos() {
        try {
            return Long.parseLong(Files.readString(Path.of("/proc/thread-self/schedstat")).split(" ")[0]);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private List<Long> pass() {
        List<Long> slices = new ArrayList<>();
        try (MapWalk walk = lanes.walk("conntrack_expire4", "manx_flows4")) {
            int more = 1;
            while (more > 0) {
                long before = System.nanoTime();
                more = walk.step();
                slices.add(System.nanoTime() - before);
            }
        }
        return slices;
    }

    @Test
    void processorTimeOfASweep() {
        lanes.fill(tcp(), FLOWS);
        for (int number = 0; number < PASSES; number++) {
            long before = processorNanos();
            List<Long> slices = pass();
            long sum = processorNanos() - before;
            System.out.printf(
                    Locale.ROOT,
                    "sweep: %d flows, %d slices: %.1f ms of processor time, that is %.2f %% of a core; a slice %.0f us in the"
                            + " median, %.0f us at the 99th percentile%n",
                    lanes.count("manx_flows4"),
                    slices.size(),
                    sum / 1e6,
                    100 * sum / 1e9 / SECONDS_BETWEEN_PASSES,
                    at(slices, 0.5) / 1e3,
                    at(slices, 0.99) / 1e3);
        }
    }

    private static double at(List<Long> values, double share) {
        List<Long> sorted = values.stream().sorted().toList();
        return sorted.get((int) Math.min(sorted.size() - 1, Math.floor(share * sorted.size())));
    }

    /** Delay of single packets through the lanes, each its own system call, while nobody sweeps and while one thread always does. */
    @Test
    void whatAPacketNoticesOfASweep() throws InterruptedException {
        lanes.fill(tcp(), FLOWS);
        for (int round = 0; round < PASSES; round++) {
            packets("nobody sweeps");
            AtomicBoolean goesOn = new AtomicBoolean(true);
            Thread sweeping = new Thread(() -> {
                while (goesOn.get()) {
                    sweepAsTheSweeperDoes(goesOn);
                }
            });
            sweeping.start();
            packets("sweeps follow each other");
            goesOn.set(false);
            sweeping.join();
        }
    }

    private void sweepAsTheSweeperDoes(AtomicBoolean goesOn) {
        try (MapWalk walk = lanes.walk("conntrack_expire4", "manx_flows4")) {
            while (goesOn.get() && walk.step() > 0) {
                Thread.sleep(1);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void packets(String what) {
        List<Long> delays = new ArrayList<>(PACKETS);
        byte[] packet = tcp();
        lanes.turn(0, 65536);
        for (int i = 0; i < PACKETS; i++) {
            long before = System.nanoTime();
            lanes.time("bench_manx", packet, 1);
            delays.add(System.nanoTime() - before);
        }
        System.out.printf(
                Locale.ROOT,
                "sweep: a packet while %-26s p50 %6.1f us  p99 %6.1f us  p99.9 %7.1f us%n",
                what,
                at(delays, 0.5) / 1e3,
                at(delays, 0.99) / 1e3,
                at(delays, 0.999) / 1e3);
    }
}
