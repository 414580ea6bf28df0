package io.manx.shell.command;

import io.manx.core.view.PipelineView;
import io.manx.core.view.PipelineView.StageRow;
import io.manx.shell.format.Table;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A pipeline as a table with one line a stage, both lanes side by side. */
final class PipelineText {
    private PipelineText() {}

    /**
     * @param first packets that the stage saw in the lane of a flow's first packets; none: it has no place in this lane
     * @param established likewise in the lane of established flows
     */
    private record Line(
            String stage,
            String bundle,
            String version,
            int slot,
            int program,
            Optional<Long> first,
            Optional<Long> established,
            long bytes,
            long drops) {}

    static void print(PrintStream out, PipelineView pipeline) {
        out.printf(
                "%s %s by %s, generation %d%n",
                pipeline.interfaceName(), pipeline.hook(), pipeline.attach(), pipeline.generation());
        Map<Integer, StageRow> first = bySlot(pipeline.lanes().first());
        Map<Integer, StageRow> established = bySlot(pipeline.lanes().established());
        Map<Integer, StageRow> all = new LinkedHashMap<>(first);
        established.forEach(all::putIfAbsent);
        Table.write(
                out,
                "  ",
                all.values().stream()
                        .map(row -> line(
                                row, Optional.ofNullable(first.get(row.slot())), Optional.ofNullable(established.get(row.slot()))))
                        .iterator());
    }

    /** In the order of the lane, which is not that of the slots. */
    private static Map<Integer, StageRow> bySlot(List<StageRow> rows) {
        Map<Integer, StageRow> bySlot = new LinkedHashMap<>();
        rows.forEach(row -> bySlot.put(row.slot(), row));
        return bySlot;
    }

    private static Line line(StageRow row, Optional<StageRow> first, Optional<StageRow> established) {
        return new Line(
                row.name(),
                row.bundle(),
                row.version(),
                row.slot(),
                row.programId(),
                first.map(StageRow::packets),
                established.map(StageRow::packets),
                sum(first.map(StageRow::bytes), established.map(StageRow::bytes)),
                sum(first.map(StageRow::drops), established.map(StageRow::drops)));
    }

    private static long sum(Optional<Long> one, Optional<Long> other) {
        return one.orElse(0L) + other.orElse(0L);
    }
}
