package io.manx.conntrack;

import io.manx.api.stage.StageContext;
import io.manx.api.stage.StateMap;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The flows of the confirmed and the young tables, IPv4 first, as they are while they are read. A translated flow appears
 * once; one that is confirmed just then may be missed.
 */
final class FlowTable {
    private final StageContext context;

    FlowTable(StageContext context) {
        this.context = context;
    }

    /** Read from the kernel as the stream is consumed: never the whole table at once. */
    Stream<Flow> flows() {
        return Stream.of(TableName.values()).mapMulti(this::read);
    }

    /** Of each table; nothing is kept of the flows. @param wanted which flows to count */
    List<FlowCount> counts(Predicate<Flow> wanted) {
        Counts counts = new Counts(context);
        return Stream.of(TableName.values())
                .map(name -> count(name, wanted, name.fullCount.map(counts::of).orElse(0L)))
                .toList();
    }

    private FlowCount count(TableName name, Predicate<Flow> wanted, long full) {
        StateMap table = context.map(name.map);
        FlowCodec codec = new FlowCodec(table, context);
        long[] found = new long[2];
        table.forEach((key, entry) -> {
            found[0]++;
            if (codec.isWhole(entry) && wanted.test(codec.read(key, entry))) {
                found[1]++;
            }
        });
        return new FlowCount(name.shown, found[1], found[0], table.capacity(), full);
    }

    /** Its entries in all tables. @return whether there was one */
    boolean delete(Flow flow) {
        boolean deleted = false;
        for (TableName name : TableName.values()) {
            StateMap table = context.map(name.map);
            FlowCodec codec = new FlowCodec(table, context);
            if (codec.fits(flow)) {
                for (ByteBuffer key : codec.keys(flow)) {
                    deleted |= table.delete(key);
                }
            }
        }
        return deleted;
    }

    private void read(TableName name, Consumer<Flow> sink) {
        StateMap table = context.map(name.map);
        FlowCodec codec = new FlowCodec(table, context);
        table.forEach((key, entry) -> {
            if (codec.isWhole(entry)) {
                sink.accept(whole(table, codec, codec.read(key, entry)));
            }
        });
    }

    private static Flow whole(StateMap table, FlowCodec codec, Flow flow) {
        return flow.backend().isEmpty()
                ? flow
                : reverse(table, codec.reverseKeys(flow))
                        .map(entry -> codec.withReverse(flow, entry))
                        .orElse(flow);
    }

    private static Optional<ByteBuffer> reverse(StateMap table, List<ByteBuffer> keys) {
        return keys.stream().map(key -> table.get(key).orElse(null)).filter(Objects::nonNull).findFirst();
    }
}
