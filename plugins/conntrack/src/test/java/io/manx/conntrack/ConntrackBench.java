package io.manx.conntrack;

import io.manx.testkit.Packets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What parse and conntrack cost, next to one program by hand: bench.bpf.c. Prints, and asserts no times; not run by itself:
 * {@code mvn -pl plugins/conntrack -am verify -Dtest=ConntrackBench -Dsurefire.failIfNoSpecifiedTests=false}.
 */
class ConntrackBench {
    private static final int ROUNDS = 1_500;
    private static final int RUNS = 2_000;
    private static final int NEW_ROUNDS = 450;
    private static final int NEW_RUNS = 1_000;
    private static final int FLOWS = 512_000;

    private Lanes lanes;

    @BeforeEach
    void load() {
        lanes = new Lanes();
    }

    @AfterEach
    void close() {
        lanes.close();
    }

    private static byte[] tcp(String... flags) {
        return Packets.tcp(Packets.address("10.0.0.1"), 1024, Packets.address("10.96.0.1"), 80)
                .flags(flags)
                .sequence(1000, 1000)
                .payload(32)
                .build();
    }

    private static byte[] udp() {
        return Packets.udp(Packets.address("10.0.0.1"), 1024, Packets.address("10.96.0.1"), 80)
                .payload(32)
                .build();
    }

    /** Times by program, a row each round, in turn: what else the machine does meets all. */
    private final class Rounds {
        private final Map<String, List<Double>> nanos = new LinkedHashMap<>();

        void round(byte[] packet, int at, int turns, int runs, List<String> programs) {
            for (String program : programs) {
                /* Both programs by hand have one table: the second finds other flows than the first has just read. */
                lanes.turn(program.equals("bench_hand_counts") ? at + turns / 2 : at, turns);
                nanos.computeIfAbsent(program, name -> new ArrayList<>()).add(lanes.time(program, packet, runs));
            }
        }

        private List<Double> sorted(String program, int from, int to) {
            return nanos.get(program).subList(from, to).stream().sorted().toList();
        }

        private double median(String program, int from, int to) {
            return sorted(program, from, to).get((to - from) / 2);
        }

        /** The mean of the fastest tenth: what the machine's other tenants add comes and goes. */
        private double fast(String program, int from, int to) {
            return sorted(program, from, to).stream()
                    .limit(Math.max(1, (to - from) / 10))
                    .mapToDouble(Double::doubleValue)
                    .average()
                    .orElseThrow();
        }

        /** Each without the wrapper's share. */
        private String next(String other, int from, int to) {
            double medianNothing = median("bench_nothing", from, to);
            double fastNothing = fast("bench_nothing", from, to);
            double fast = fast(other, from, to) - fastNothing;
            return String.format(
                    Locale.ROOT,
                    "%.1f, ratio %.2f (of medians %.2f)",
                    fast,
                    (fast("bench_manx", from, to) - fastNothing) / fast,
                    (median("bench_manx", from, to) - medianNothing) / (median(other, from, to) - medianNothing));
        }

        void print(String what, int from, int to) {
            System.out.printf(
                    Locale.ROOT,
                    "bench: %s: manx %.1f ns, by hand %s%s%n",
                    what,
                    fast("bench_manx", from, to) - fast("bench_nothing", from, to),
                    next("bench_hand", from, to),
                    nanos.containsKey("bench_hand_counts")
                            ? "; by hand that counts too " + next("bench_hand_counts", from, to)
                            : "");
        }
    }

    private void established(String what, byte[] packet, int turns) {
        Rounds rounds = new Rounds();
        for (int round = 0; round < ROUNDS; round++) {
            rounds.round(
                    packet,
                    round * RUNS,
                    turns,
                    RUNS,
                    List.of("bench_nothing", "bench_manx", "bench_hand", "bench_hand_counts"));
        }
        rounds.print("established, " + what, 0, ROUNDS);
    }

    @Test
    void establishedLaneNextToAProgramByHand() {
        lanes.fill(tcp("ACK"), FLOWS);
        lanes.time("bench_manx", tcp("ACK"), RUNS);
        lanes.windowChecks(false);
        established("tcp, no window checks, 1 hot flow", tcp("ACK"), 1);
        established("tcp, no window checks, 64k in turn", tcp("ACK"), 65536);
        lanes.windowChecks(true);
        established("tcp, 1 hot flow of 512,000", tcp("ACK"), 1);
        established("tcp, 64k flows in turn of 512,000", tcp("ACK"), 65536);
        print(lanes);
    }

    @Test
    void establishedLaneOfUdpNextToAProgramByHand() {
        lanes.fill(udp(), FLOWS);
        established("udp, 1 hot flow of 512,000", udp(), 1);
        established("udp, 64k flows in turn of 512,000", udp(), 65536);
    }

    @Test
    void newFlowOfUdpNextToAProgramByHand() {
        newFlows("udp", udp());
    }

    @Test
    void newFlowOfTcpNextToAProgramByHand() {
        newFlows("tcp SYN", tcp("SYN"));
    }

    /** Each round makes flows that are in none of the tables. */
    private void newFlows(String what, byte[] packet) {
        Rounds rounds = new Rounds();
        for (int round = 0; round < NEW_ROUNDS; round++) {
            rounds.round(packet, round * NEW_RUNS, 1 << 30, NEW_RUNS, List.of("bench_nothing", "bench_manx", "bench_hand"));
        }
        int full = lanes.capacity("manx_young4") / NEW_RUNS;
        rounds.print("new, " + what + ", young table not full", 5, full);
        rounds.print("new, " + what + ", one evicted for each", full + 5, NEW_ROUNDS);
        print(lanes);
    }

    private static void print(Lanes lanes) {
        System.out.printf(
                "bench: confirmed flows %d, young %d%n", lanes.count("manx_flows4"), lanes.count("manx_young4"));
    }
}
