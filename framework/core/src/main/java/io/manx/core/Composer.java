package io.manx.core;

import io.manx.api.resource.Resources;
import io.manx.core.Pipeline.Loaded;
import io.manx.core.Steps.Step;
import io.manx.libbpf.BpfMap;
import io.manx.libbpf.BpfObject;
import io.manx.libbpf.BpfProgram;
import io.manx.libbpf.Membarrier;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the data plane from one pipeline to the next without a packet seeing half of each.
 *
 * <p>Prepare: everything new is verified, loaded and told about the resources, with nothing live touched. Where the
 * chain differs by one stage, that goes as far as the rows that no packet reads yet; where it differs by more, a fresh
 * prog array is filled on the side, and each attach point's entry is loaded into it. Switch: the rows of the stage's
 * predecessor are written, one atomic write a lane, and a packet is in one lane only; or each attach point moves by one
 * atomic update. Finish: once no packet can be in flight, what is no longer reachable is closed.
 */
final class Composer {
    /**
     * What a composition did; times from System.nanoTime.
     *
     * @param before null where this is the first
     * @param prepareMillis until everything stood beside what packets went through
     * @param switchMicros from the first write that packets could see to the last
     * @param packets counted from just before the switch to just after it
     * @param lost of these, for want of a program in their slot
     */
    record Done(
            Pipeline before, Pipeline next, double prepareMillis, double switchMicros, long packets, long lost) {
        int generation() {
            return next.number();
        }
    }

    /** The part of a change that packets can see. */
    private interface Switch {
        /** @return entries that packets take no longer; close them once no packet is in flight */
        List<BpfObject> run();
    }

    private static final Logger LOG = LoggerFactory.getLogger(Composer.class);

    private final EntryPrograms ends;
    private final Loader loader;
    private final SlotTable slots;
    private final ArrayPins pins;
    private final Epoch epoch;
    private final Steps steps;
    private AttachPoints points;
    private Counters counters;
    private Drops drops;
    private Pipeline current;
    private int generations;

    Composer(EntryPrograms ends, Loader loader, SlotTable slots, ArrayPins pins, Epoch epoch, Steps steps) {
        this.ends = ends;
        this.loader = loader;
        this.slots = slots;
        this.pins = pins;
        this.epoch = epoch;
        this.steps = steps;
        this.generations = pins.lastGeneration();
    }

    void observe(AttachPoints attachPoints, Counters endCounters, Drops dropCounters) {
        points = attachPoints;
        counters = endCounters;
        drops = dropCounters;
    }

    Optional<Pipeline> current() {
        return Optional.ofNullable(current);
    }

    /** Every stage that is loaded, idle ones too; empty before the first composition. */
    List<Loaded> loaded() {
        return current == null ? List.of() : List.copyOf(current.stages().values());
    }

    /**
     * Makes {@code wanted} the pipeline, in this order, without those that are idle.
     *
     * @return empty when it is already
     * @throws RefusedStageException one can't go in; nothing has changed
     */
    Optional<Done> compose(List<StageInstance> wanted, Resources resources) throws RefusedStageException {
        if (current != null && isCurrent(wanted)) {
            return Optional.empty();
        }
        long begin = System.nanoTime();
        Pipeline before = current;
        Deque<Runnable> undo = new ArrayDeque<>();
        try {
            Pipeline next = prepare(wanted, resources, undo);
            Switch change = prepareSwitch(before, next, undo);
            long lost = drops.emptySlots();
            if (before != null) {
                counters.fold(before, points.all());
            }
            long switching = System.nanoTime();
            List<BpfObject> retired = change.run();
            long done = System.nanoTime();
            current = next;
            undo.clear();
            long packets;
            try {
                steps.before(Step.COUNT_PACKETS);
                packets = counters.packetsSinceFold(points.all());
            } finally {
                finish(before, next, retired);
            }
            return Optional.of(new Done(
                    before, next, (switching - begin) / 1e6, (done - switching) / 1e3, packets, drops.emptySlots() - lost));
        } catch (RefusedStageException | RuntimeException | Error e) {
            undo.forEach(step -> attempt(step, e));
            throw e;
        }
    }

    /** One step that can't be undone does not keep the others from it. */
    private static void attempt(Runnable step, Throwable cause) {
        try {
            step.run();
        } catch (RuntimeException | LinkageError e) {
            cause.addSuppressed(e);
        }
    }

    /** Whether a stage could be loaded, tried on the side. @return why not */
    Optional<RefusedStageException> check(StageDescriptor stage) {
        try (BpfMap array = BpfMap.create(ends.arraySpec());
                BpfObject object = loader.tryLoad(stage, slots.slotOf(stage.name(), namesInUse()), array)) {
            LOG.debug("{} loads, as program {}", stage, object.program(stage.program()).info().id());
            return Optional.empty();
        } catch (RefusedStageException e) {
            return Optional.of(e);
        }
    }

    private boolean isCurrent(List<StageInstance> wanted) {
        List<StageInstance> loaded = current.stages().values().stream().map(Loaded::instance).toList();
        return loaded.equals(wanted) && Pipeline.active(current.stages()).equals(current.chain());
    }

    // ---- prepare

    private Pipeline prepare(List<StageInstance> wanted, Resources resources, Deque<Runnable> undo)
            throws RefusedStageException {
        boolean generation = current == null || changedNames(wanted).size() > 1;
        Pipeline next = load(wanted, resources, generation, undo);
        if (!generation && !Pipeline.differsByOneStage(current.chain(), next.chain())) {
            Pipeline first = next;
            next = load(wanted, resources, true, undo);
            first.stages().values().stream()
                    .filter(stage -> loaded(stage.instance()).isEmpty())
                    .forEach(stage -> stage.object().close());
        }
        epoch.begin();
        return next;
    }

    private Pipeline load(List<StageInstance> wanted, Resources resources, boolean generation, Deque<Runnable> undo)
            throws RefusedStageException {
        BpfMap array = generation ? newArray(undo) : current.array();
        BpfObject exit = generation ? newExit(array, undo) : current.exit();
        Map<String, Loaded> stages = new LinkedHashMap<>();
        for (StageInstance instance : wanted) {
            Optional<Loaded> kept = generation ? Optional.empty() : loaded(instance);
            Loaded loaded = kept.isPresent() ? kept.get() : load(instance, array, undo);
            stages.put(loaded.name(), loaded);
        }
        for (Loaded stage : stages.values()) {
            if (loaded(stage.instance()).isEmpty()) {
                begin(stage, resources, undo);
            }
        }
        return new Pipeline(
                generation ? generations + 1 : current.number(), array, stages, Pipeline.active(stages), exit);
    }

    private Loaded load(StageInstance instance, BpfMap array, Deque<Runnable> undo) throws RefusedStageException {
        StageDescriptor stage = instance.descriptor();
        int slot = slots.slotOf(stage.name(), namesInUse());
        steps.before(Step.LOAD_STAGE);
        BpfObject object = loader.load(stage, slot, array);
        undo.push(object::close);
        return new Loaded(instance, object, object.program(stage.program()), slot);
    }

    /** The control fills its maps; a second load of the same composition does not ask it again. */
    private void begin(Loaded stage, Resources resources, Deque<Runnable> undo) throws RefusedStageException {
        boolean again = stage.instance().use(stage.object());
        if (again) {
            return;
        }
        undo.push(() -> tellUnloaded(stage.instance()));
        try {
            steps.before(Step.TELL_LOADED);
            stage.instance().loaded(resources);
        } catch (Exception | LinkageError e) {
            StageDescriptor refused = stage.instance().descriptor();
            throw new RefusedStageException(
                    refused,
                    "bundle " + refused.bundle() + ": stage " + refused.name() + " refused: its control said: "
                            + (e.getMessage() == null ? e.toString() : e.getMessage()),
                    null,
                    e);
        }
    }

    private BpfMap newArray(Deque<Runnable> undo) {
        steps.before(Step.CREATE_ARRAY);
        BpfMap array = BpfMap.create(ends.arraySpec());
        undo.push(array::close);
        return array;
    }

    private BpfObject newExit(BpfMap array, Deque<Runnable> undo) {
        steps.before(Step.LOAD_EXIT);
        BpfObject exit = ends.loadExit(array);
        undo.push(exit::close);
        return exit;
    }

    // ---- switch

    private Switch prepareSwitch(Pipeline before, Pipeline next, Deque<Runnable> undo) {
        if (before != null && before.array() == next.array()) {
            return prepareRows(before, next, undo);
        }
        next.rows().forEach((row, program) -> {
            steps.before(Step.FILL_ROW);
            next.array().setProgram(row, program);
        });
        steps.before(Step.PIN_ARRAY);
        pins.pin(next.number(), next.array());
        undo.push(() -> pins.unpin(next.number()));
        Flip flip = points.prepareFlip(next);
        undo.push(flip::abandon);
        undo.push(Membarrier::global);
        return flip::run;
    }

    /**
     * Undone, packets may still be behind a row that was live for a moment: the rows they read are cleared once none
     * can be.
     */
    private Switch prepareRows(Pipeline before, Pipeline next, Deque<Runnable> undo) {
        BpfMap array = next.array();
        next.deadRowsAfter(before).forEach((row, program) -> {
            steps.before(Step.FILL_ROW);
            array.setProgram(row, program);
            undo.push(() -> array.clearRow(row));
        });
        undo.push(Membarrier::global);
        Map<Integer, BpfProgram> old = before.rows();
        Map<Integer, BpfProgram> live = next.liveRowsAfter(before);
        return () -> {
            live.forEach((row, program) -> {
                steps.before(Step.WRITE_ROW);
                array.setProgram(row, program);
                undo.push(() -> array.setProgram(row, old.get(row)));
            });
            return List.of();
        };
    }

    // ---- finish

    /** Packets take {@code next} already: whatever fails here, the rest is done. */
    private void finish(Pipeline before, Pipeline next, List<BpfObject> retired) {
        generations = next.number();
        next.stages().values().forEach(stage -> stage.instance().use(stage.object()));
        if (before == null) {
            return;
        }
        if (gainsAStage(before, next)) {
            end(Step.RAISE_EPOCH, epoch::raise);
        }
        Membarrier.global();
        retired.forEach(entry -> end(Step.CLOSE_ENTRY, entry::close));
        Set<StageInstance> stay = new HashSet<>();
        next.stages().values().forEach(stage -> stay.add(stage.instance()));
        for (Loaded old : before.stages().values()) {
            if (next.stages().get(old.name()) != old) {
                if (!stay.contains(old.instance())) {
                    end(Step.TELL_UNLOADED, () -> tellUnloaded(old.instance()));
                }
                end(Step.CLOSE_STAGE, old.object()::close);
            }
        }
        if (before.array() == next.array()) {
            before.rows().keySet().stream()
                    .filter(row -> !next.rows().containsKey(row))
                    .forEach(row -> end(Step.CLEAR_ROW, () -> next.array().clearRow(row)));
        } else {
            end(Step.UNPIN_ARRAY, () -> pins.unpin(before.number()));
            before.exit().close();
            before.array().close();
        }
    }

    private void end(Step step, Runnable task) {
        try {
            steps.before(step);
            task.run();
        } catch (RuntimeException e) {
            LOG.error("the new pipeline is in force, but the step {} after it failed: {}", step, e.getMessage(), e);
        }
    }

    /** A control that fails at its end must not keep the data plane from its own; its classes may be gone by then. */
    private static void tellUnloaded(StageInstance instance) {
        try {
            instance.unloaded();
        } catch (RuntimeException | LinkageError e) {
            LOG.error("the control of stage {} failed at its end: {}", instance.descriptor(), e.getMessage(), e);
        }
    }

    /** Names of the maps of everything that is loaded. */
    Set<String> mapsInUse() {
        Set<String> used = new TreeSet<>();
        loaded().forEach(stage -> used.addAll(
                loader.mapsOf(stage.instance().descriptor(), stage.object().spec())));
        return used;
    }

    /** Everything is detached: unpins what is left. */
    void dismantle() {
        if (current != null) {
            pins.unpin(current.number());
        }
        release();
    }

    /** Closes what this process holds; the pinned data plane goes on. */
    void release() {
        if (current != null) {
            current.stages().values().forEach(stage -> {
                tellUnloaded(stage.instance());
                stage.object().close();
            });
            current.exit().close();
            current.array().close();
            current = null;
        }
    }

    // ---- what differs

    private Set<String> changedNames(List<StageInstance> wanted) {
        Set<String> changed = new TreeSet<>();
        wanted.stream()
                .filter(instance -> loaded(instance).isEmpty())
                .forEach(instance -> changed.add(instance.descriptor().name()));
        current.stages().values().stream()
                .filter(stage -> !wanted.contains(stage.instance()))
                .forEach(stage -> changed.add(stage.name()));
        return changed;
    }

    /** Flows that were decided without it must meet it: theirs is the epoch before. On xdp every packet meets it anyway. */
    private boolean gainsAStage(Pipeline before, Pipeline next) {
        return ends.hook() == Hook.TC && before != null && !before.chain().containsAll(next.chain());
    }

    private Optional<Loaded> loaded(StageInstance instance) {
        return loaded().stream().filter(stage -> stage.instance() == instance).findFirst();
    }

    private Set<String> namesInUse() {
        return current == null ? Set.of() : current.stages().keySet();
    }
}
