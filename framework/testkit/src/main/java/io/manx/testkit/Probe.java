package io.manx.testkit;

import io.manx.api.layout.Field;
import io.manx.api.layout.Layout;
import io.manx.libbpf.BpfMap;
import io.manx.libbpf.BpfObject;
import io.manx.libbpf.BpfProgram;
import io.manx.libbpf.Btf;
import io.manx.libbpf.LoadOptions;
import io.manx.libbpf.MapSpec;
import io.manx.libbpf.ObjectSpec;
import io.manx.libbpf.TestRun;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** The programs before and behind a stage: they share its maps, and record where the packet went. */
final class Probe implements AutoCloseable {
    /** Slot of the stage in a test; the entry's, slot 0, holds the stage itself. */
    static final int SLOT = 1;

    /** Rows of a slot, as ROW of pipeline.h has them: two phases, of which a test's packets take the first, for each lane. */
    private static final int ROWS_A_LANE = 2;

    private static final int ROWS_A_SLOT = Lane.values().length * ROWS_A_LANE;
    /** As struct __sk_buff of bpf.h. */
    private static final int CONTEXT_BYTES = 192;

    private static final int CONTEXT_MARK = 8;

    /** An Ethernet header and the longer of the IP headers: the kernel runs no tc program on part of them. */
    private static final int WHOLE_BYTES = 14 + 40;

    private final BpfObject object;
    private final Hook hook;

    /** @param reached the lane it went on in; empty when it did not go on. @param note as the stage has left it */
    record Run(int action, Optional<Lane> reached, byte[] packet, long mark, ByteBuffer note) {}

    Probe(Hook hook, BpfObject stage, BpfProgram program) {
        this.hook = hook;
        ObjectSpec spec = spec(hook.probe());
        LoadOptions options = new LoadOptions();
        for (MapSpec map : spec.maps()) {
            if (stage.spec().maps().stream().anyMatch(theirs -> theirs.name().equals(map.name()))) {
                options.reuse(map.name(), stage.map(map.name()));
            }
        }
        object = spec.load(options);
        BpfMap stages = object.map("manx_stages");
        stages.setProgram(0, program);
        for (Lane lane : Lane.values()) {
            stages.setProgram(
                    SLOT * ROWS_A_SLOT + lane.ordinal() * ROWS_A_LANE,
                    object.program("probe_" + lane.name().toLowerCase(Locale.ROOT)));
        }
    }

    private static ObjectSpec spec(String name) {
        try (InputStream in = Probe.class.getResourceAsStream("/META-INF/bpf/" + name)) {
            if (in == null) {
                throw new IllegalStateException("META-INF/bpf/" + name + " is missing from the testkit: build it by Maven");
            }
            return ObjectSpec.parse(name, in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Btf btf() {
        return object.spec().btf();
    }

    /** Runs the stage once. @param mark {@code skb->mark}; xdp has none. @param note as it is to be before the stage */
    Run run(byte[] packet, long mark, ByteBuffer note) {
        BpfProgram entry = object.program("probe_entry");
        BpfMap map = object.map("probe_record");
        boolean cut = hook == Hook.TC && packet.length < WHOLE_BYTES;
        ByteBuffer seed = map.value().allocate();
        map.value().field("bytes").set(seed, cut ? packet.length : 0);
        Field place = map.value().field("note");
        seed.put(place.offset(), note, 0, place.size());
        map.put(map.key().allocate(), seed);
        byte[] whole = cut ? Arrays.copyOf(packet, WHOLE_BYTES) : packet;
        TestRun run = hook == Hook.TC ? entry.run(whole, 1, context(mark)) : entry.run(whole);
        object.program("probe_note").run(new byte[WHOLE_BYTES]);
        ByteBuffer record = map.get(map.key().allocate()).orElseThrow();
        Layout layout = map.value();
        long reached = layout.field("reached").get(record);
        if (reached == constant("PROBE_NOTHING")) {
            throw new IllegalStateException(
                    "the stage could not be called: its row in manx_stages is empty, or the packet could not be cut short");
        }
        Optional<Lane> lane = Stream.of(Lane.values())
                .filter(next -> reached == constant("PROBE_NEXT_" + next.name()))
                .findFirst();
        ByteBuffer after = record.slice(place.offset(), place.size()).order(ByteOrder.nativeOrder());
        return new Run(run.returned(), lane, run.packet(), markOf(run.context()), after);
    }

    private long constant(String name) {
        return btf().constant(name).orElseThrow();
    }

    private static byte[] context(long mark) {
        return ByteBuffer.allocate(CONTEXT_BYTES)
                .order(ByteOrder.nativeOrder())
                .putInt(CONTEXT_MARK, (int) mark)
                .array();
    }

    private static long markOf(byte[] context) {
        return context.length == 0
                ? 0
                : Integer.toUnsignedLong(
                        ByteBuffer.wrap(context).order(ByteOrder.nativeOrder()).getInt(CONTEXT_MARK));
    }

    @Override
    public void close() {
        object.close();
    }
}
