package io.manx.conntrack;

import io.manx.api.stage.StageContext;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Warns when flows find no room in a table of confirmed ones. Packets are not lost by it, so nothing else tells; a table
 * that stays full is told of once in a while, with all that has come since.
 */
final class FullWatch {
    static final Duration BETWEEN_WARNINGS = Duration.ofMinutes(5);

    private final StageContext context;
    private final Counts counts;
    private final LongSupplier nanos;
    private final Consumer<String> warn;
    private final Map<TableName, Told> told = new EnumMap<>(TableName.class);

    /** What was counted when it was last told of, and when that was; 0: never, and what is older is not news. */
    private record Told(long count, long nanos, boolean ever) {}

    /** @param nanos a clock that never goes back */
    FullWatch(StageContext context, LongSupplier nanos, Consumer<String> warn) {
        this.context = context;
        this.counts = new Counts(context);
        this.nanos = nanos;
        this.warn = warn;
        for (TableName table : TableName.values()) {
            table.fullCount.ifPresent(name -> told.put(table, new Told(counts.of(name), 0, false)));
        }
    }

    /** Warns of what has changed since the last warning, unless that was a moment ago. */
    void look() {
        long now = nanos.getAsLong();
        told.replaceAll((table, last) -> look(table, last, now));
    }

    private Told look(TableName table, Told last, long now) {
        long count = counts.of(table.fullCount.orElseThrow());
        boolean quiet = last.ever && now - last.nanos < BETWEEN_WARNINGS.toNanos();
        if (count <= last.count || quiet) {
            return last;
        }
        warn.accept("the flow table " + table.shown + " is full: " + (count - last.count) + " packets since "
                + (last.ever ? "the last warning" : "the start") + " were of flows that found no room among its "
                + context.map(table.map).capacity() + " entries; they pass, but their flows stay where a flood can evict them."
                + " More room: spec.bpfMapSizeConntrack of FelixConfiguration default; what fills it: manx flows --count");
        return new Told(count, now, true);
    }
}
