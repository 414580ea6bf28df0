package io.manx.shell.command;

import io.manx.core.view.PipelineView;
import io.manx.core.view.PipelineView.Lanes;
import io.manx.core.view.PipelineView.StageRow;
import io.manx.shell.format.Table;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** A pipeline as a table with one line a stage, the lanes side by side. */
final class PipelineText {
    private PipelineText() {}

    /**
     * @param first packets that the stage saw in the lane of a flow's first packets; none: it has no place in this lane
     * @param established likewise in the lane of known flows
     * @param translated likewise in that of known flows which are translated
     */
    private record Line(
            String stage,
            String bundle,
            String version,
            int slot,
            int program,
            Optional<Long> first,
            Optional<Long> established,
            Optional<Long> translated,
            long bytes,
            long drops) {}

    static void print(PrintStream out, PipelineView pipeline) {
        out.printf(
                "%s %s by %s, generation %d%n",
                pipeline.interfaceName(), pipeline.hook(), pipeline.attach(), pipeline.generation());
        Lanes lanes = pipeline.lanes();
        Map<Integer, StageRow> first = bySlot(lanes.first());
        Map<Integer, StageRow> established = bySlot(lanes.established());
        Map<Integer, StageRow> translated = bySlot(lanes.translated());
        Map<Integer, StageRow> all = new LinkedHashMap<>(first);
        established.forEach(all::putIfAbsent);
        translated.forEach(all::putIfAbsent);
        Table.write(
                out,
                "  ",
                all.values().stream()
                        .map(row -> line(
                                row,
                                Optional.ofNullable(first.get(row.slot())),
                                Optional.ofNullable(established.get(row.slot())),
                                Optional.ofNullable(translated.get(row.slot()))))
                        .iterator());
    }

    /** In the order of the lane, which is not that of the slots. */
    private static Map<Integer, StageRow> bySlot(List<StageRow> rows) {
        Map<Integer, StageRow> bySlot = new LinkedHashMap<>();
        rows.forEach(row -> bySlot.put(row.slot(), row));
        return bySlot;
    }

    private static Line line(
            StageRow row, Optional<StageRow> first, Optional<StageRow> established, Optional<StageRow> translated) {
        List<StageRow> all = Stream.of(first, established, translated).flatMap(Optional::stream).toList();
        return new Line(
                row.name(),
                row.bundle(),
                row.version(),
                row.slot(),
                row.programId(),
                first.map(StageRow::packets),
                established.map(StageRow::packets),
                translated.map(StageRow::packets),
                all.stream().mapToLong(StageRow::bytes).sum(),
                all.stream().mapToLong(StageRow::drops).sum());
    }
}
