package io.manx.core;

import io.manx.api.resource.Resources;
import io.manx.core.Pipeline.Loaded;
import io.manx.core.Steps.Step;
import io.manx.libbpf.BpfMap;
import io.manx.libbpf.BpfObject;
import io.manx.libbpf.Membarrier;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes a hook's data plane from one composition to the next without a packet seeing half of each: all its pipelines in
 * one change, or none. {@link Transaction} has the hooks do so together.
 *
 * <p>Prepare: everything new is verified, loaded and told about the resources, and the rows of the phase that no packet
 * reads are filled, with nothing live touched. Where a pipeline's chain differs by one stage, those are rows of its own
 * prog array; where it differs by more, of a fresh one. Switch: one write makes that phase the live one, for all pipelines
 * and interfaces at once. Finish: once no packet of the phase before can be in flight, its rows follow, and what is no
 * longer reachable is closed.
 */
final class Composer {
    /**
     * What a composition did; times from System.nanoTime.
     *
     * @param before null where this is the first
     * @param prepareMillis until everything stood beside what packets went through
     * @param switchMicros that the write took which packets could see
     * @param packets counted from just before the switch to just after it
     * @param lost of these, for want of a program in their slot
     */
    record Done(
            Composition before, Composition next, double prepareMillis, double switchMicros, long packets, long lost) {
        /** The highest number of those that changed. */
        int generation() {
            return changed().stream().mapToInt(Pipeline::number).max().orElseThrow();
        }

        /** Those that are not as they were; all, where interfaces only moved. */
        List<Pipeline> changed() {
            List<Pipeline> changed = next.pipelines().stream()
                    .filter(pipeline -> before == null || !before.pipelines().contains(pipeline))
                    .toList();
            return changed.isEmpty() ? next.pipelines() : changed;
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(Composer.class);

    private final Preparation.Tools tools;
    private final ArrayPins pins;
    private final Epoch epoch;
    private final Steps steps;
    private final Root root;
    private AttachPoints points;
    private Counters counters;
    private Drops drops;
    private Composition current;
    private int generations;

    Composer(Preparation.Tools tools, Root root, ArrayPins pins, Epoch epoch) {
        this.tools = tools;
        this.root = root;
        this.pins = pins;
        this.epoch = epoch;
        this.steps = tools.steps();
        this.generations = pins.lastGeneration();
    }

    void observe(AttachPoints attachPoints, Counters endCounters, Drops dropCounters) {
        points = attachPoints;
        counters = endCounters;
        drops = dropCounters;
    }

    Optional<Composition> current() {
        return Optional.ofNullable(current);
    }

    /** As {@link Composition#loaded}; empty before the first composition. */
    List<Loaded> loaded() {
        return current == null ? List.of() : current.loaded();
    }

    /** Each stage that is loaded, once. */
    List<StageInstance> instances() {
        return loaded().stream().map(Loaded::instance).distinct().toList();
    }

    /** A change that stands beside what packets go through. @param before null where it is the first */
    record Change(Composition before, Composition next) {}

    /**
     * Makes everything ready that takes the pipelines to what is {@code wanted}, without the stages that are idle: what is
     * left is {@link #mark}, a flip of the phase, {@link #switched} and {@link #finish}.
     *
     * @param resized maps that have another number of entries from this change on: who uses one is loaded anew
     * @return empty when they are already
     * @throws RefusedStageException one can't go in; packets see nothing of what has been done until then
     */
    Optional<Change> prepare(Wanted wanted, Resources resources, Set<String> resized, Undo undo)
            throws RefusedStageException {
        boolean reloads = mapsInUse().stream().anyMatch(resized::contains);
        if (current != null && current.is(wanted) && !reloads) {
            align();
            return Optional.empty();
        }
        if (current != null) {
            points.restore(current);
        }
        Composition next = new Preparation(tools, current, generations, resources, undo)
                .prepare(wanted, reloads ? Map.of() : heirs(current, wanted));
        epoch.begin();
        new Switchover(current, next, points, root, pins, steps, undo).prepare();
        return Optional.of(new Change(current, next));
    }

    /** Another hook's change flips the phase too: what an earlier one could not make equal must be, before. */
    private void align() {
        current.pipelines().forEach(pipeline -> pipeline.array().align(root.phase().idle()));
        root.align();
    }

    /** To be called right before the flip. @return packets that were lost for want of a program until now */
    long mark(Change change) {
        fold(change.before());
        return drops.emptySlots();
    }

    /** Packets take it. */
    void switched(Change change) {
        current = change.next();
    }

    /**
     * What is left to do behind what packets see.
     *
     * @param begin of its preparation; as {@code end} from System.nanoTime
     * @param lostBefore as {@link #mark} gave it
     */
    Done finish(Change change, long begin, long flip, long end, long lostBefore) {
        long packets = count(() -> counters.packetsSinceFold(points.all()));
        finish(change.before(), change.next());
        restoreAfter(change.next());
        long lost = count(() -> drops.emptySlots() - lostBefore);
        return new Done(change.before(), change.next(), (flip - begin) / 1e6, (end - flip) / 1e3, packets, lost);
    }

    private Map<List<StageInstance>, Pipeline> heirs(Composition before, Wanted wanted) {
        return before == null
                ? Map.of()
                : Succession.of(before, wanted, points.all().stream().map(AttachPoint::interfaceName).toList());
    }

    private void fold(Composition before) {
        if (before != null) {
            points.all().stream()
                    .collect(Collectors.groupingBy(point -> before.of(point.interfaceName())))
                    .forEach(counters::fold);
        }
    }

    /**
     * Whether a stage could be loaded, tried on the side: with the array of the one that it follows, where there is one.
     *
     * @param onProbation its maps must have the layouts that they have
     * @return why not
     */
    Optional<RefusedStageException> check(StageDescriptor stage, boolean onProbation) {
        MigrationChoice migration = onProbation ? MigrationChoice.onProbation(stage) : MigrationChoice.unasked(stage);
        Set<String> inUse = loaded().stream().map(Loaded::name).collect(Collectors.toSet());
        int slot = tools.slots().slotOf(stage.name(), inUse);
        try {
            Optional<PhasedArray> live = arrayWith(stage.name());
            if (live.isPresent()) {
                tools.loader().tryOut(stage, migration, slot, live.get().map());
            } else {
                tryAlone(stage, migration, slot);
            }
            return Optional.empty();
        } catch (RefusedStageException e) {
            return Optional.of(e);
        }
    }

    /** Where a successor of the stage would go. */
    private Optional<PhasedArray> arrayWith(String stage) {
        return Optional.ofNullable(current).stream()
                .flatMap(composition -> composition.pipelines().stream())
                .filter(pipeline -> pipeline.stages().containsKey(stage))
                .map(Pipeline::array)
                .findFirst();
    }

    private void tryAlone(StageDescriptor stage, MigrationChoice migration, int slot) throws RefusedStageException {
        try (BpfMap array = BpfMap.create(tools.ends().arraySpec());
                BpfObject object = tools.loader().tryLoad(stage, migration, slot, array)) {
            LOG.debug("{} loads, as program {}", stage, object.program(stage.program()).info().id());
        }
    }

    // ---- finish

    /** The change is in force whatever becomes of this, and the look every two seconds finds them too. */
    private void restoreAfter(Composition next) {
        try {
            points.restore(next);
        } catch (RuntimeException e) {
            LOG.error("the new pipeline is in force, but attaching it where others took it off failed: {}",
                    e.getMessage(), e);
        }
    }

    /** Packets take {@code next} already: whatever fails here, the rest is done. */
    private void finish(Composition before, Composition next) {
        next.pipelines().forEach(pipeline -> generations = Math.max(generations, pipeline.number()));
        next.loaded().forEach(stage -> stage.instance().use(stage.object()));
        if (before == null) {
            return;
        }
        if (gainsAStage(before, next)) {
            end(Step.RAISE_EPOCH, epoch::raise);
        }
        Membarrier.global();
        next.pipelines().stream()
                .filter(pipeline -> before.sharingTheArrayOf(pipeline).isPresent())
                .forEach(pipeline -> end(Step.ALIGN_ROWS, () -> pipeline.array().align(root.phase().idle())));
        end(Step.ALIGN_ROOT, this::alignRoot);
        closeStages(before, next);
        before.pipelines().stream()
                .filter(pipeline -> next.sharingTheArrayOf(pipeline).isEmpty())
                .forEach(this::closeArray);
    }

    private void alignRoot() {
        root.align();
        root.retain(points.all().stream().map(AttachPoint::row).collect(Collectors.toSet()));
    }

    private void closeStages(Composition before, Composition next) {
        Set<Loaded> stay = new HashSet<>(next.loaded());
        Set<StageInstance> told = new HashSet<>();
        stay.forEach(stage -> told.add(stage.instance()));
        for (Loaded old : before.loaded()) {
            if (!stay.contains(old)) {
                if (told.add(old.instance())) {
                    end(Step.TELL_UNLOADED, () -> Preparation.tellUnloaded(old.instance()));
                }
                end(Step.CLOSE_STAGE, old.object()::close);
            }
        }
    }

    private void closeArray(Pipeline pipeline) {
        end(Step.UNPIN_ARRAY, () -> pins.unpin(pipeline.number()));
        pipeline.exit().close();
        pipeline.array().close();
    }

    /** @return 0 where it can't be counted: that is no reason to say that the change is not in force */
    private long count(LongSupplier counter) {
        long[] count = {0};
        end(Step.COUNT_PACKETS, () -> count[0] = counter.getAsLong());
        return count[0];
    }

    private void end(Step step, Runnable task) {
        try {
            steps.before(step);
            task.run();
        } catch (RuntimeException | LinkageError e) {
            LOG.error("the new pipeline is in force, but the step {} after it failed: {}", step, e.getMessage(), e);
        }
    }

    /**
     * Flows that were decided without it must meet it: theirs is the epoch before. On xdp every packet meets it anyway, and
     * one that stands for others decides nothing new.
     */
    private boolean gainsAStage(Composition before, Composition next) {
        return tools.ends().hook() == Hook.TC
                && (gainsAStage(before.others(), next.others())
                        || Composition.named(before, next).stream()
                                .anyMatch(name -> gainsAStage(before.of(name), next.of(name))));
    }

    private static boolean gainsAStage(Pipeline before, Pipeline next) {
        return !before.chain().containsAll(Pipeline.withoutStandIns(next.chain()));
    }

    // ---- start

    /**
     * Has the attach points of an earlier run call the first composition from the next flip on: until then they have their
     * own, as a whole.
     *
     * @param earlier their interfaces, by row
     */
    void prepareTakeOver(Map<Integer, String> earlier) {
        if (current == null || !root.isEarlier()) {
            return;
        }
        earlier.forEach((row, interfaceName) -> {
            steps.before(Step.FILL_ROOT);
            root.prepare(row, current.of(interfaceName).first());
        });
    }

    /** After that flip, once no packet of before it is on its way. */
    void takenOver() {
        steps.before(Step.ALIGN_ROOT);
        root.align();
    }

    // ---- end

    /** Names of the maps of everything that is loaded. */
    Set<String> mapsInUse() {
        Set<String> used = new TreeSet<>();
        loaded().forEach(stage -> used.addAll(tools.loader()
                .mapsOf(stage.instance().descriptor(), stage.object().spec())));
        return used;
    }

    /** Everything is detached: unpins what is left. */
    void dismantle() {
        if (current != null) {
            current.pipelines().forEach(pipeline -> pins.unpin(pipeline.number()));
        }
        release();
    }

    /** Closes what this process holds; the pinned data plane goes on. */
    void release() {
        if (current != null) {
            instances().forEach(Preparation::tellUnloaded);
            current.loaded().forEach(stage -> stage.object().close());
            current.pipelines().forEach(pipeline -> {
                pipeline.exit().close();
                pipeline.array().close();
            });
            current = null;
        }
    }
}
