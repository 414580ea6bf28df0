package io.manx.conntrack;

import static org.assertj.core.api.Assertions.assertThat;

import io.manx.api.layout.Field;
import io.manx.api.layout.Layout;
import io.manx.libbpf.BpfMap;
import io.manx.libbpf.BpfObject;
import io.manx.libbpf.LoadOptions;
import io.manx.libbpf.MapIterator;
import io.manx.libbpf.ObjectSpec;
import io.manx.libbpf.TestRun;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** parse, conntrack and what makes flows, one behind the other, and the program by hand: see bench.bpf.c. */
final class Lanes implements AutoCloseable {
    private static final int REDIRECT = 7;

    private final List<BpfObject> objects = new ArrayList<>();
    private final BpfObject conntrack;
    private final BpfObject bench;

    Lanes() {
        conntrack = load("target/classes", "conntrack", 2, null);
        bench = load("target/test-classes", "bench", 0, conntrack);
        BpfObject parse = load("target/test-classes", "parse", 1, conntrack);
        BpfMap stages = conntrack.map("manx_stages");
        stages.setProgram(row(0, 0), parse.program("manx_parse"));
        stages.setProgram(row(1, 0), conntrack.program("manx_conntrack"));
        stages.setProgram(row(2, 0), bench.program("bench_first"));
        stages.setProgram(row(2, 1), bench.program("bench_established"));
        stages.setProgram(row(3, 0), bench.program("hand"));
        stages.setProgram(row(4, 0), bench.program("hand_counts"));
        stages.setProgram(row(5, 0), bench.program("hand_nothing"));
        windowChecks(true);
        put("manx_epoch", "value", 1);
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

    private int row(int slot, int lane) {
        return (int) ((slot * constant("LANES") + lane) * constant("PHASES"));
    }

    void windowChecks(boolean on) {
        Timeouts timeouts = Timeouts.defaults(
                name -> conntrack.spec().btf().constant(name).orElseThrow());
        new Config(timeouts, true, on).writeTo(conntrack.map("conntrack_config"), conntrack.map("manx_awake"));
    }

    private void put(String map, String field, long value) {
        BpfMap of = conntrack.map(map);
        ByteBuffer bytes = of.value().allocate();
        of.value().field(field).set(bytes, value);
        of.put(of.key().allocate(), bytes);
    }

    /** Which flow's packet comes next, of how many in turn. @param flows a power of two */
    void turn(int at, int flows) {
        BpfMap map = bench.map("bench_turn");
        ByteBuffer value = map.value().allocate();
        map.value().field("at").set(value, at);
        map.value().field("flows").set(value, flows);
        map.put(map.key().allocate(), value);
    }

    /** So many confirmed flows, from number 0 on, of the packet's protocol. */
    void fill(byte[] packet, int flows) {
        turn(0, 1);
        bench.program("bench_fill").run(packet, flows);
    }

    /** @return nanoseconds a run */
    double time(String program, byte[] packet, int runs) {
        TestRun run = bench.program(program).run(packet, runs);
        assertThat(run.returned()).as("the last packet was redirected").isEqualTo(REDIRECT);
        return run.nanos();
    }

    /** Whether the packet got through. */
    boolean pass(byte[] packet) {
        return bench.program("bench_one").run(packet).returned() == REDIRECT;
    }

    /** @return how many it was run: all of them, for the last one got through */
    int pass(byte[] packet, int times) {
        assertThat(bench.program("bench_one").run(packet, times).returned()).isEqualTo(REDIRECT);
        return times;
    }

    /** What the originators of all flows in a table were counted. */
    Flow.Leg counted(String map) {
        Layout flow = conntrack.map(map).value();
        long bits = constant("FLOW_COUNT_BYTES");
        long[] counted = new long[2];
        conntrack.map(map).forEach((key, value) -> {
            long recent = flow.field("leg[0].recent").get(value);
            counted[0] += flow.field("rest[0].packets").get(value)
                    + (recent >>> bits & (1L << constant("FLOW_COUNT_PACKETS")) - 1);
            counted[1] += flow.field("rest[0].bytes").get(value) + (recent & (1L << bits) - 1);
        });
        return new Flow.Leg(counted[0], counted[1]);
    }

    private long constant(String name) {
        return conntrack.spec().btf().constant(name).orElseThrow();
    }

    BpfMap map(String name) {
        return conntrack.map(name);
    }

    MapIterator walk(String program, String map) {
        return MapIterator.open(conntrack.program(program), conntrack.map(map));
    }

    int capacity(String map) {
        return conntrack.map(map).capacity();
    }

    /** Entries; what confirmed flows left behind not among them. */
    int count(String map) {
        int[] count = new int[1];
        Field flags = conntrack.map(map).value().field("flags");
        boolean young = map.contains("young");
        conntrack.map(map).forEach((key, value) -> count[0] += young && (flags.get(value) & 1) != 0 ? 0 : 1);
        return count[0];
    }

    @Override
    public void close() {
        objects.forEach(BpfObject::close);
    }
}
