package io.manx.policy;

import io.manx.api.layout.Layout;
import io.manx.api.resource.Resources;
import io.manx.api.stage.StageContext;
import io.manx.api.stage.StateMap;
import io.manx.libbpf.BpfProgram;
import io.manx.testkit.NoteView;
import io.manx.testkit.Outcome;
import io.manx.testkit.StageHarness;
import io.manx.testkit.Verdict;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.LongStream;

/** The stage in the kernel with its control, and neither an engine nor interfaces. */
final class PolicyStage implements StageContext, AutoCloseable {
    static final int UPLINK = 2;
    static final int DB = 10;
    static final int WEB = 11;

    /** The stage reads the note; of the packet it needs none but that it is there. */
    private static final byte[] PACKET = new byte[64];

    private final StageHarness harness =
            StageHarness.of(Path.of("target/classes/META-INF/bpf/policy.bpf.o")).load();

    final FakeNetwork network = new FakeNetwork();
    final PolicyControl control = new PolicyControl();
    int rejudged;
    boolean idle;

    PolicyStage() {
        network.add("eth0", UPLINK);
        network.add("veth-db", DB);
        network.add("veth-web", WEB);
        control.loaded(this);
    }

    PolicyStage with(Resources resources) {
        control.resources(resources);
        return this;
    }

    /** In by one interface, out by another. */
    String forward(int from, int to, Evaluator.Packet packet) {
        return reason(run(packet, note -> {
            note.set("ifindex", from);
            note.set("direction", constant("DIRECTION_INGRESS"));
            note.set("route.kind", constant("ROUTE_NEIGHBOUR"));
            note.set("route.ifindex", to);
        }));
    }

    String toHost(int from, Evaluator.Packet packet) {
        return reason(run(packet, note -> {
            note.set("ifindex", from);
            note.set("direction", constant("DIRECTION_INGRESS"));
            note.set("route.kind", constant("ROUTE_LOCAL"));
        }));
    }

    String fromHost(int to, Evaluator.Packet packet) {
        return reason(run(packet, note -> {
            note.set("ifindex", to);
            note.set("direction", constant("DIRECTION_EGRESS"));
        }));
    }

    /** @param more what else conntrack, service or parse have noted */
    Outcome run(Evaluator.Packet packet, Consumer<NoteView> more) {
        return harness.run(PACKET, note -> {
            note.set("version", packet.v4() ? 4 : 6);
            note.set("protocol", packet.protocol());
            note.set("flags", packet.first() ? 0 : constant("NOTE_NO_PORTS"));
            note.set("source", packet.source());
            note.set("destination", packet.destination());
            note.set("source_port", packet.sourcePort());
            note.set("destination_port", packet.destinationPort());
            more.accept(note);
        });
    }

    /** Runs the stage on the packet of the last run, over and over. */
    void repeat(int times) {
        harness.program("manx_policy").run(PACKET, times);
    }

    /** Nanoseconds that the stage takes for the packet of the last run, the least of several averages. */
    long nanos() {
        BpfProgram program = harness.program("manx_policy");
        return LongStream.range(0, 9)
                .map(i -> program.run(PACKET, 20_000).nanos())
                .min()
                .orElseThrow();
    }

    static String reason(Outcome outcome) {
        return outcome.verdict() == Verdict.NEXT ? Evaluator.ALLOWED : outcome.reason();
    }

    /** Every entry of a map that is not zero, in hexadecimal. */
    Map<String, String> dump(String name) {
        Map<String, String> entries = new TreeMap<>();
        map(name).forEach((key, value) -> {
            if (!value.equals(map(name).value().allocate())) {
                entries.put(hex(key), hex(value));
            }
        });
        return entries;
    }

    private static String hex(ByteBuffer bytes) {
        return HexFormat.of().formatHex(bytes.array());
    }

    @Override
    public StateMap map(String name) {
        return harness.map(name);
    }

    @Override
    public Layout struct(String tag) {
        return harness.struct(tag);
    }

    @Override
    public long constant(String enumerator) {
        return harness.constant(enumerator);
    }

    @Override
    public int run(String program) {
        throw new UnsupportedOperationException("policy has no program but its stage: " + program);
    }

    @Override
    public void idle(boolean nowIdle) {
        idle = nowIdle;
    }

    @Override
    public void rejudge() {
        rejudged++;
    }

    @Override
    public FakeNetwork network() {
        return network;
    }

    @Override
    public void close() {
        control.unloaded();
        harness.close();
    }
}
