package io.manx.conntrack;

import static org.assertj.core.api.Assertions.assertThat;

import io.manx.api.layout.Field;
import io.manx.api.layout.Layout;
import io.manx.testkit.NoteView;
import io.manx.testkit.Outcome;
import io.manx.testkit.StageHarness;
import io.manx.testkit.TestContext;
import io.manx.testkit.Verdict;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;

/** The stage and a committing one behind it, on one flow table, with a control and the report. */
final class Tracker implements AutoCloseable {
    private static final String MADE = "META-INF/bpf/";
    private static final Consumer<NoteView> NOTHING = note -> {};
    private static final String[] TABLES = {"manx_flows4", "manx_flows6", "manx_young4", "manx_young6"};

    final StageHarness conntrack;
    final StageHarness commit;
    final TestContext context;

    Tracker() {
        this(stage());
    }

    private Tracker(StageHarness stage) {
        conntrack = stage.load();
        commit = commitObject().sharing(conntrack).load();
        context = new TestContext(conntrack);
        context.rejudge();
        Config.defaults(context).writeTo(context);
    }

    /** With room for so many confirmed flows of each IP version. */
    static Tracker ofSize(int confirmed) {
        return new Tracker(stage().maxEntries("manx_flows4", confirmed).maxEntries("manx_flows6", confirmed));
    }

    private static StageHarness stage() {
        return StageHarness.of(Path.of("target/classes", MADE, "conntrack.bpf.o"));
    }

    /** Not loaded yet. */
    static StageHarness commitObject() {
        return StageHarness.of(Path.of("target/test-classes", MADE, "commit.bpf.o"));
    }

    long constant(String enumerator) {
        return conntrack.constant(enumerator);
    }

    /** What conntrack makes of it; the packet goes no further. */
    Outcome look(Sample sample) {
        return conntrack.run(sample.packet(), note -> sample.writeTo(note, conntrack));
    }

    /** As if every stage let it go on by an interface. */
    Outcome pass(Sample sample) {
        return pass(sample, NOTHING);
    }

    /** As {@link #pass}, to a service's backend. */
    Outcome passTo(Sample sample, InetAddress backend, int port) {
        return pass(sample, note -> note.set("translate", constant("TRANSLATE_DESTINATION"))
                .set("new_addr", backend)
                .set("new_port", port));
    }

    /** @param between writes what the stages between the two do */
    Outcome pass(Sample sample, Consumer<NoteView> between) {
        Outcome seen = look(sample);
        assertThat(seen.verdict()).isEqualTo(Verdict.NEXT);
        return commit(sample.packet(), seen.note(), between);
    }

    /** @param seen conntrack's note */
    Outcome commit(byte[] packet, NoteView seen, Consumer<NoteView> between) {
        return commit.run(packet, note -> {
            copy(seen, note);
            if (note.get("route.kind") == constant("ROUTE_UNKNOWN")) {
                note.set("route.kind", constant("ROUTE_NEIGHBOUR")).set("route.ifindex", 5);
            }
            between.accept(note);
        });
    }

    private void copy(NoteView from, NoteView to) {
        Layout note = conntrack.struct("note");
        note.fields().stream()
                .filter(field -> !field.name().contains(".") && !field.name().contains("["))
                .forEach(field -> to.set(field.name(), from.bytes(field.name())));
    }

    /** Lets every flow grow older. */
    void wait(Duration time) {
        for (String name : TABLES) {
            var table = conntrack.map(name);
            Field last = table.value().field("last_ns");
            Field begin = table.value().field("begin_ns");
            table.forEach((key, flow) -> {
                last.set(flow, last.get(flow) - time.toNanos());
                begin.set(flow, begin.get(flow) - time.toNanos());
                table.put(key, flow);
            });
        }
    }

    /** Of all tables; what a confirmed flow left behind is none. */
    int entries() {
        return confirmed() + young();
    }

    int confirmed() {
        return count("manx_flows4") + count("manx_flows6");
    }

    int young() {
        return count("manx_young4") + count("manx_young6");
    }

    private int count(String name) {
        int[] count = new int[1];
        Field flags = conntrack.map(name).value().field("flags");
        long moved = name.contains("young") ? constant("FLOW_MOVED") : 0;
        conntrack.map(name).forEach((key, flow) -> count[0] += (flags.get(flow) & moved) == 0 ? 1 : 0);
        return count[0];
    }

    @Override
    public void close() {
        commit.close();
        conntrack.close();
    }
}
