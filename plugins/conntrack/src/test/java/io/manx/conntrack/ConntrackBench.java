package io.manx.conntrack;

import static org.assertj.core.api.Assertions.assertThat;

import io.manx.libbpf.BpfMap;
import io.manx.libbpf.BpfObject;
import io.manx.libbpf.LoadOptions;
import io.manx.libbpf.ObjectSpec;
import io.manx.libbpf.TestRun;
import io.manx.testkit.Packets;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
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
    private static final int REDIRECT = 7;

    private final List<BpfObject> objects = new ArrayList<>();
    private BpfObject conntrack;
    private BpfObject bench;

    @BeforeEach
    void load() {
        conntrack = load("target/classes", "conntrack", 2, null);
        bench = load("target/test-classes", "bench", 0, conntrack);
        BpfObject parse = load("target/test-classes", "parse", 1, conntrack);
        BpfMap stages = conntrack.map("manx_stages");
        stages.setProgram(row(0, 0), parse.program("manx_parse"));
        stages.setProgram(row(1, 0), conntrack.program("manx_conntrack"));
        stages.setProgram(row(2, 0), bench.program("bench_first"));
        stages.setProgram(row(2, 1), bench.program("bench_established"));
        stages.setProgram(row(3, 0), bench.program("hand"));
        windowChecks(true);
        put("manx_epoch", "value", 1);
    }

    @AfterEach
    void close() {
        objects.forEach(BpfObject::close);
    }

    private BpfObject load(String folder, String name, int slot, BpfObject sharing) {
        Path file = Path.of(folder, "META-INF/bpf", name + ".bpf.o");
        try {
            ObjectSpec spec = ObjectSpec.parse(file.getFileName().toString(), Files.readAllBytes(file));
            LoadOptions options = new LoadOptions().setting("manx_slot", slot);
            spec.maps().stream()
                    .filter(map -> sharing != null && map.name().startsWith("manx_"))
                    .filter(map -> sharing.spec().maps().stream().anyMatch(theirs -> theirs.name().equals(map.name())))
                    .forEach(map -> options.reuse(map.name(), sharing.map(map.name())));
            BpfObject object = spec.load(options);
            objects.add(object);
            return object;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private long constant(String name) {
        return conntrack.spec().btf().constant(name).orElseThrow();
    }

    private int row(int slot, int lane) {
        return (int) ((slot * 2L + lane) * bench.spec().btf().constant("PHASES").orElseThrow());
    }

    private void windowChecks(boolean on) {
        new Config(Timeouts.defaults(this::constant), true, on).writeTo(conntrack.map("conntrack_config"));
    }

    private void put(String map, String field, long value) {
        BpfMap of = conntrack.map(map);
        ByteBuffer bytes = of.value().allocate();
        of.value().field(field).set(bytes, value);
        of.put(of.key().allocate(), bytes);
    }

    private void turn(int at, int flows) {
        BpfMap map = bench.map("bench_turn");
        ByteBuffer value = map.value().allocate();
        map.value().field("at").set(value, at);
        map.value().field("flows").set(value, flows);
        map.put(map.key().allocate(), value);
    }

    private void fill(byte[] packet, int flows) {
        turn(0, 1);
        bench.program("bench_fill").run(packet, flows);
    }

    /** Nanoseconds a run. */
    private double time(String program, byte[] packet, int runs) {
        TestRun run = bench.program(program).run(packet, runs);
        assertThat(run.returned()).as("the last packet was redirected").isEqualTo(REDIRECT);
        return run.nanos();
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
            turn(0, turns);
            ours.add(time("bench_manx", packet, RUNS));
            turn(0, turns);
            hand.add(time("bench_hand", packet, RUNS));
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
        fill(tcp("ACK"), FLOWS);
        time("bench_manx", tcp("ACK"), RUNS);
        windowChecks(false);
        established("tcp, no window checks, 1 hot flow", tcp("ACK"), 1);
        established("tcp, no window checks, 64k in turn", tcp("ACK"), 65536);
        windowChecks(true);
        established("tcp, 1 hot flow of 512,000", tcp("ACK"), 1);
        established("tcp, 64k flows in turn of 512,000", tcp("ACK"), 65536);
        print();
    }

    @Test
    void establishedLaneOfUdpNextToAProgramByHand() {
        fill(udp(), FLOWS);
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
            turn(round * NEW_RUNS, 1 << 30);
            ours.add(time("bench_manx", packet, NEW_RUNS));
            turn(round * NEW_RUNS, 1 << 30);
            hand.add(time("bench_hand", packet, NEW_RUNS));
        }
        print("new, " + what + ", young table not full", ours.subList(0, 15), hand.subList(0, 15));
        print("new, " + what + ", one evicted for each", ours.subList(20, ROUNDS), hand.subList(20, ROUNDS));
        print();
        clear("hand_flows");
    }

    private void clear(String name) {
        List<ByteBuffer> keys = new ArrayList<>();
        bench.map(name).forEach((key, value) -> keys.add(key));
        keys.forEach(bench.map(name)::delete);
    }

    private void print() {
        System.out.printf("bench: confirmed flows %d, young %d%n", count("manx_flows4"), count("manx_young4"));
    }

    private int count(String map) {
        int[] count = new int[1];
        conntrack.map(map).forEach((key, value) -> count[0]++);
        return count[0];
    }
}
