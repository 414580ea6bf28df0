package io.manx.core;

import io.manx.api.layout.Field;
import io.manx.api.layout.Layout;
import io.manx.api.stage.StateMap;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What each stage has seen. The kernel counts a packet once, at the stage where it left the pipeline; a stage has seen
 * those that left at it or after it. Before the order changes, {@link #fold} books what was counted under the old one.
 *
 * <p>Packets counted between the reading and the change itself are booked under the new order: a stage's figure may be
 * off by those few, the sum of all is not.
 */
final class Counters {
    /** Packets and bytes that reached a stage, and packets that were dropped by it. */
    record Seen(long packets, long bytes, long drops) {
        static final Seen NONE = new Seen(0, 0, 0);

        Seen plus(Seen other) {
            return new Seen(packets + other.packets, bytes + other.bytes, drops + other.drops);
        }

        Seen minus(Seen other) {
            return new Seen(packets - other.packets, bytes - other.bytes, drops - other.drops);
        }
    }

    private static final int LANES = Lane.values().length;

    private record Key(int row, Lane lane, String stage) {}

    private final StateMap ends;
    private final int slots;
    private final int exitSlot;
    private final Field[][][] fields;
    private final Map<Key, Seen> folded = new HashMap<>();
    private final Map<Integer, Seen[][]> base = new HashMap<>();

    /** @param layout of struct ends; @param slots a lane has */
    Counters(StateMap ends, Layout layout, int slots, int exitSlot) {
        this.ends = ends;
        this.slots = slots;
        this.exitSlot = exitSlot;
        this.fields = new Field[LANES][slots][];
        for (int lane = 0; lane < LANES; lane++) {
            for (int slot = 0; slot < slots; slot++) {
                String at = "at[" + lane + "][" + slot + "].";
                fields[lane][slot] = new Field[] {
                    layout.field(at + "packets"), layout.field(at + "bytes"), layout.field(at + "drops")
                };
            }
        }
    }

    /** An attach point begins: what its row still holds is another's. */
    void begin(int row) {
        folded.keySet().removeIf(key -> key.row() == row);
        base.put(row, read(row));
    }

    /** What each stage of a lane has seen at an attach point, in the lane's order. */
    Map<String, Seen> seen(int row, Lane lane, List<Pipeline.Loaded> stages) {
        Map<String, Seen> seen = new HashMap<>();
        sinceFold(row, lane, stages).forEach((stage, count) -> seen.put(
                stage, count.plus(folded.getOrDefault(new Key(row, lane, stage), Seen.NONE))));
        return seen;
    }

    /** Books what was counted so far under the pipeline that is about to change. */
    void fold(Pipeline pipeline, List<AttachPoint> points) {
        for (AttachPoint point : points) {
            int row = point.row();
            Seen[][] now = read(row);
            for (Lane lane : Lane.values()) {
                book(row, lane, derive(now, row, lane, pipeline.lane(lane)));
            }
            base.put(row, now);
        }
    }

    /** Packets that these attach points have counted since {@link #fold}. */
    long packetsSinceFold(List<AttachPoint> points) {
        return points.stream()
                .mapToLong(point -> packets(read(point.row())) - packets(base.computeIfAbsent(point.row(), r -> zeros())))
                .sum();
    }

    private static long packets(Seen[][] row) {
        return Stream.of(row).flatMap(Stream::of).mapToLong(Seen::packets).sum();
    }

    private void book(int row, Lane lane, Map<String, Seen> counts) {
        counts.forEach((stage, count) -> folded.merge(new Key(row, lane, stage), count, Seen::plus));
    }

    private Map<String, Seen> sinceFold(int row, Lane lane, List<Pipeline.Loaded> stages) {
        return derive(read(row), row, lane, stages);
    }

    private Map<String, Seen> derive(Seen[][] now, int row, Lane lane, List<Pipeline.Loaded> stages) {
        Seen[][] before = base.computeIfAbsent(row, r -> zeros());
        Map<String, Seen> counts = new HashMap<>();
        int at = lane.ordinal();
        Seen after = now[at][exitSlot].minus(before[at][exitSlot]);
        for (int i = stages.size() - 1; i >= 0; i--) {
            int slot = stages.get(i).slot();
            Seen here = now[at][slot].minus(before[at][slot]);
            after = after.plus(here);
            counts.put(stages.get(i).name(), new Seen(after.packets(), after.bytes(), here.drops()));
        }
        return counts;
    }

    private Seen[][] read(int row) {
        ByteBuffer key = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.nativeOrder()).putInt(0, row);
        ByteBuffer values = ends.get(key)
                .orElseThrow(() -> new IllegalStateException("manx_ends has no row " + row));
        int size = ends.value().size();
        Seen[][] sum = zeros();
        for (int at = 0; at + size <= values.capacity(); at += size) {
            ByteBuffer cpu = values.slice(at, size).order(ByteOrder.nativeOrder());
            for (int lane = 0; lane < LANES; lane++) {
                for (int slot = 0; slot < slots; slot++) {
                    Field[] field = fields[lane][slot];
                    sum[lane][slot] = sum[lane][slot].plus(
                            new Seen(field[0].get(cpu), field[1].get(cpu), field[2].get(cpu)));
                }
            }
        }
        return sum;
    }

    private Seen[][] zeros() {
        Seen[][] zeros = new Seen[LANES][slots];
        for (Seen[] lane : zeros) {
            java.util.Arrays.fill(lane, Seen.NONE);
        }
        return zeros;
    }
}
