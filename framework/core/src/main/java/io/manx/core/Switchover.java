package io.manx.core;

import io.manx.core.Steps.Step;
import io.manx.libbpf.Membarrier;
import java.util.Optional;

/**
 * Makes ready what packets are to take, in the phase that none of them reads: in the prog arrays of the pipelines that
 * change, and in the root array, which says for each attach point where its packets begin.
 */
final class Switchover {
    private final Composition before;
    private final Composition next;
    private final AttachPoints points;
    private final Root root;
    private final ArrayPins pins;
    private final Steps steps;
    private final Undo undo;

    /** @param before null where there is none: nothing is attached then */
    Switchover(Composition before, Composition next, AttachPoints points, Root root, ArrayPins pins, Steps steps, Undo undo) {
        this.before = before;
        this.next = next;
        this.points = points;
        this.root = root;
        this.pins = pins;
        this.steps = steps;
        this.undo = undo;
    }

    /** Makes everything ready; touches nothing that packets read. */
    void prepare() {
        next.pipelines().forEach(this::prepare);
        if (before != null) {
            undo.push(root::align);
            points.all().forEach(point -> {
                steps.before(Step.FILL_ROOT);
                root.prepare(point.row(), next.of(point.interfaceName()).first());
            });
        }
    }

    private void prepare(Pipeline pipeline) {
        boolean fresh = before == null || before.sharingTheArrayOf(pipeline).isEmpty();
        PhasedArray array = pipeline.array();
        if (!fresh) {
            undo.push(() -> array.align(root.phase().idle()));
        }
        pipeline.rows().forEach((row, program) -> {
            steps.before(Step.FILL_ROW);
            if (fresh) {
                array.putInBoth(row, program);
            } else {
                array.put(root.phase().idle(), row, program);
            }
        });
        if (fresh) {
            steps.before(Step.PIN_ARRAY);
            pins.pin(pipeline.number(), array.map());
            undo.push(() -> pins.unpin(pipeline.number()));
        }
    }
}
