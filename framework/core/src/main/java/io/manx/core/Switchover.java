package io.manx.core;

import io.manx.core.RowWriter.Row;
import io.manx.core.Steps.Step;
import io.manx.libbpf.BpfMap;
import io.manx.libbpf.BpfObject;
import io.manx.libbpf.BpfProgram;
import io.manx.libbpf.Membarrier;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The part of a change that packets can see. All of it is made ready first; then the rows that packets read are written,
 * up to 32 in one system call (as {@link RowWriter}), and attach points move, each by one atomic update.
 */
final class Switchover implements AutoCloseable {
    private final Composition before;
    private final Composition next;
    private final ArrayPins pins;
    private final RowWriter rows;
    private final Steps steps;
    private final Undo undo;
    private final List<Row> live = new ArrayList<>();
    private final List<Row> old = new ArrayList<>();
    private final RowWrite write;
    private final Flip flip;

    /**
     * Makes everything ready. Undone, packets may still be behind a row that was live for a moment: what they read is
     * cleared once none can be.
     *
     * @param before null where there is none
     */
    Switchover(Composition before, Composition next, AttachPoints points, ArrayPins pins, RowWriter rows, Steps steps, Undo undo) {
        this.before = before;
        this.next = next;
        this.pins = pins;
        this.rows = rows;
        this.steps = steps;
        this.undo = undo;
        next.pipelines().forEach(this::prepare);
        this.flip = points.prepareFlip(this::move);
        undo.push(flip::abandon);
        undo.push(Membarrier::global);
        this.write = rows.prepare(live);
        undo.push(write::close);
    }

    /** To be called right before {@link #run}. */
    void wake() {
        if (!live.isEmpty()) {
            rows.wake();
        }
    }

    /** @return entries that packets take no longer; close them once no packet is in flight */
    List<BpfObject> run() {
        if (!live.isEmpty()) {
            undo.push(() -> rows.write(old));
            steps.before(Step.WRITE_ROWS);
            write.run();
        }
        return flip.run();
    }

    @Override
    public void close() {
        write.close();
    }

    /** Where an attach point has to go. */
    private Optional<Pipeline> move(AttachPoint point) {
        Pipeline to = next.of(point.interfaceName());
        boolean stays = before != null && before.of(point.interfaceName()).array() == to.array();
        return stays ? Optional.empty() : Optional.of(to);
    }

    private void prepare(Pipeline pipeline) {
        Optional<Pipeline> heir = before == null ? Optional.empty() : before.sharingTheArrayOf(pipeline);
        if (heir.isEmpty()) {
            prepareFresh(pipeline);
        } else if (heir.get() != pipeline) {
            prepareRows(heir.get(), pipeline);
        }
    }

    private void prepareFresh(Pipeline pipeline) {
        List<Row> fresh = new ArrayList<>();
        pipeline.rows().forEach((row, program) -> {
            steps.before(Step.FILL_ROW);
            fresh.add(new Row(pipeline.array(), row, program));
        });
        rows.write(fresh);
        steps.before(Step.PIN_ARRAY);
        pins.pin(pipeline.number(), pipeline.array());
        undo.push(() -> pins.unpin(pipeline.number()));
    }

    private void prepareRows(Pipeline from, Pipeline to) {
        BpfMap array = to.array();
        to.deadRowsAfter(from).forEach((row, program) -> {
            steps.before(Step.FILL_ROW);
            array.setProgram(row, program);
            undo.push(() -> array.clearRow(row));
        });
        Map<Integer, BpfProgram> was = from.rows();
        to.liveRowsAfter(from).forEach((row, program) -> {
            live.add(new Row(array, row, program));
            old.add(new Row(array, row, was.get(row)));
        });
    }
}
