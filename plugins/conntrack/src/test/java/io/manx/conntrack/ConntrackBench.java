package io.manx.conntrack;

import io.manx.testkit.Packets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What parse and conntrack cost, next to one program by hand: bench.bpf.c. Prints, and asserts no times; not run by itself:
 * {@code mvn -pl plugins/conntrack -am verify -Dtest=ConntrackBench -Dsurefire.failIfNoSpecifiedTests=false}.
 */
class ConntrackBench {
    private static final int ROUNDS = 101;
    private static final int RUNS = 20_000;
    private static final int NEW_RUNS = 4_000;
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

    private static double median(List<Double> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
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

    private void established(String what, byte[] packet, int turns) {
        List<Double> ours = new ArrayList<>();
        List<Double> hand = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            lanes.turn(0, turns);
            ours.add(lanes.time("bench_manx", packet, RUNS));
            lanes.turn(0, turns);
            hand.add(lanes.time("bench_hand", packet, RUNS));
        }
        print("established, " + what, ours, hand);
    }

    private static void print(String what, List<Double> ours, List<Double> hand) {
        System.out.printf(
                Locale.ROOT,
                "bench: %-44s manx %7.1f ns  by hand %7.1f ns  ratio %.2f%n",
                what,
                median(ours),
                median(hand),
                median(ratios(ours, hand)));
    }

    /** Round by round: what else the machine does meets both. */
    private static List<Double> ratios(List<Double> ours, List<Double> hand) {
        List<Double> ratios = new ArrayList<>();
        for (int round = 0; round < ours.size(); round++) {
            ratios.add(ours.get(round) / hand.get(round));
        }
        return ratios;
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
    void newFlowNextToAProgramByHand() {
        newFlows("udp", udp());
        newFlows("tcp SYN", tcp("SYN"));
    }

    /** Each round makes flows that are in none of the tables; the young table is full after the seventeenth. */
    private void newFlows(String what, byte[] packet) {
        List<Double> ours = new ArrayList<>();
        List<Double> hand = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            lanes.turn(round * NEW_RUNS, 1 << 30);
            ours.add(lanes.time("bench_manx", packet, NEW_RUNS));
            lanes.turn(round * NEW_RUNS, 1 << 30);
            hand.add(lanes.time("bench_hand", packet, NEW_RUNS));
        }
        print("new, " + what + ", young table not full", ours.subList(0, 15), hand.subList(0, 15));
        print("new, " + what + ", one evicted for each", ours.subList(20, ROUNDS), hand.subList(20, ROUNDS));
        print(lanes);
        lanes.clear("hand_flows");
    }

    private static void print(Lanes lanes) {
        System.out.printf(
                "bench: confirmed flows %d, young %d%n", lanes.count("manx_flows4"), lanes.count("manx_young4"));
    }
}
