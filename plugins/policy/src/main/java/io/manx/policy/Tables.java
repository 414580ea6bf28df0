package io.manx.policy;

import io.manx.api.layout.Layout;
import io.manx.api.stage.StageContext;
import io.manx.api.stage.StateMap;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The stage's maps, taken from one state to the next while packets use them.
 *
 * <p>New programs are written wholly beside the old ones, then each endpoint moves by one write. A program that no
 * endpoint names any more may still have a packet in it; it goes at a later change, after {@link #GRACE}.
 */
final class Tables {
    /** Far longer than a packet takes through the stage. */
    static final Duration GRACE = Duration.ofMillis(100);

    private final StageContext context;
    private final StateMap endpoints;
    private final EndpointRows rows;
    private final LongSupplier nanoTime;
    private final Map<Integer, Long> unusedSince = new HashMap<>();

    /** @param nanoTime as System.nanoTime */
    Tables(StageContext context, LongSupplier nanoTime) {
        this.context = context;
        this.endpoints = context.map("endpoints");
        this.rows = new EndpointRows(context.map("endpoint_rows"));
        this.nanoTime = nanoTime;
    }

    /**
     * @param wanted by interface index, as {@link Compiler#compile} gives it
     * @param interfaces the indexes of all that there are
     * @return whether any endpoint changed
     * @throws RuntimeException there is no room; the maps say what they said before
     */
    boolean apply(Map<Integer, Map<Point, Compiler.Choice>> wanted, Collection<Integer> interfaces) {
        if (wanted.size() > endpoints.capacity()) {
            throw new IllegalStateException("policies select " + wanted.size() + " interfaces, and at most "
                    + endpoints.capacity() + " can have policies: select fewer");
        }
        ProgramStore store = new ProgramStore(context);
        Map<Integer, ByteBuffer> before = read();
        store.erase(expired(store, used(before)));
        Set<Integer> known = store.ids();
        try {
            Map<Integer, ByteBuffer> after = new HashMap<>();
            wanted.forEach((index, choices) -> after.put(index, value(choices, store)));
            flip(before, after, interfaces);
            noteUnused(store, used(after));
            return !before.equals(after);
        } catch (RuntimeException e) {
            Set<Integer> added = store.ids();
            added.removeAll(known);
            store.erase(added);
            throw e;
        }
    }

    private Map<Integer, ByteBuffer> read() {
        Map<Integer, ByteBuffer> found = new HashMap<>();
        endpoints.forEach((key, value) -> found.put(
                (int) endpoints.key().field("value").get(key), value.duplicate().clear()));
        return found;
    }

    private ByteBuffer value(Map<Point, Compiler.Choice> choices, ProgramStore store) {
        Layout layout = endpoints.value();
        ByteBuffer value = layout.allocate();
        choices.forEach((point, choice) -> {
            layout.field(program(point.place(4))).set(value, store.put(choice.v4()));
            layout.field(program(point.place(6))).set(value, store.put(choice.v6()));
        });
        return value;
    }

    private static String program(int place) {
        return "program[" + place + "]";
    }

    private void flip(Map<Integer, ByteBuffer> before, Map<Integer, ByteBuffer> after, Collection<Integer> interfaces) {
        try {
            write(before, after);
            rows.hold(interfaces, programs(after));
        } catch (RuntimeException e) {
            write(after, before);
            rows.hold(interfaces, programs(before));
            throw e;
        }
    }

    /** By interface index and place. */
    private Map<Integer, int[]> programs(Map<Integer, ByteBuffer> values) {
        Map<Integer, int[]> programs = new HashMap<>();
        values.forEach((index, value) -> programs.put(
                index,
                IntStream.range(0, EndpointRows.PLACES)
                        .map(place -> (int) endpoints.value().field(program(place)).get(value))
                        .toArray()));
        return programs;
    }

    private void write(Map<Integer, ByteBuffer> from, Map<Integer, ByteBuffer> to) {
        from.keySet().stream().filter(index -> !to.containsKey(index)).forEach(index -> endpoints.delete(key(index)));
        to.forEach((index, value) -> {
            if (!value.equals(from.get(index))) {
                endpoints.put(key(index), value);
            }
        });
    }

    private ByteBuffer key(int index) {
        ByteBuffer key = endpoints.key().allocate();
        endpoints.key().field("value").set(key, index);
        return key;
    }

    /** The programs that endpoints name. */
    private Set<Integer> used(Map<Integer, ByteBuffer> values) {
        return programs(values).values().stream()
                .flatMapToInt(Arrays::stream)
                .boxed()
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private void noteUnused(ProgramStore store, Set<Integer> used) {
        Set<Integer> unused = store.ids();
        unused.removeAll(used);
        unusedSince.keySet().retainAll(unused);
        unused.forEach(id -> unusedSince.putIfAbsent(id, nanoTime.getAsLong()));
    }

    /** Programs unused for long enough; what an earlier version of the stage left counts from when it is first seen. */
    private Set<Integer> expired(ProgramStore store, Set<Integer> used) {
        noteUnused(store, used);
        Set<Integer> expired = new TreeSet<>();
        unusedSince.forEach((id, since) -> {
            if (nanoTime.getAsLong() - since >= GRACE.toNanos()) {
                expired.add(id);
            }
        });
        unusedSince.keySet().removeAll(expired);
        return expired;
    }
}
