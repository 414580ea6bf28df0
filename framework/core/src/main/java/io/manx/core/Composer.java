package io.manx.core;

import io.manx.api.resource.Resources;
import io.manx.core.Pipeline.Loaded;
import io.manx.libbpf.BpfMap;
import io.manx.libbpf.BpfObject;
import io.manx.libbpf.BpfProgram;
import io.manx.libbpf.Membarrier;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
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
 * <p>Prepare: everything new is verified, loaded and told about the resources, with nothing live touched. Commit: where
 * the chain differs by one stage, the rows of its predecessor are written, one atomic write a lane, and a packet is in
 * one lane only. Where it differs by more, a fresh prog array is filled on the side and each attach point moves to it by
 * one atomic update. Finish: once no packet can be in flight, what is no longer reachable is closed.
 */
final class Composer {
    /** What a composition did; times from System.nanoTime. */
    record Done(int generation, double prepareMillis, double switchMicros, long lost) {}

    private static final Logger LOG = LoggerFactory.getLogger(Composer.class);

    private final EntryPrograms ends;
    private final MapStore maps;
    private final Loader loader;
    private final SlotTable slots;
    private final Path arrays;
    private final Epoch epoch;
    private AttachPoints points;
    private Counters counters;
    private Drops drops;
    private Pipeline current;
    private final List<Path> staleArrays = new ArrayList<>();
    private int generations;

    Composer(EntryPrograms ends, MapStore maps, Loader loader, SlotTable slots, Path arrays, Epoch epoch) {
        this.ends = ends;
        this.maps = maps;
        this.loader = loader;
        this.slots = slots;
        this.arrays = arrays;
        this.epoch = epoch;
        this.generations = earlierGenerations(arrays);
    }

    void observe(AttachPoints attachPoints, Counters endCounters, Drops dropCounters) {
        points = attachPoints;
        counters = endCounters;
        drops = dropCounters;
    }

    Optional<Pipeline> current() {
        return Optional.ofNullable(current);
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
            long prepared = System.nanoTime();
            long lost = drops.emptySlots();
            if (before != null) {
                counters.fold(before, points.all());
            }
            long switching = System.nanoTime();
            List<BpfObject> retired = commit(before, next, undo);
            long done = System.nanoTime();
            current = next;
            if (gainsAStage(before, next)) {
                epoch.raise();
            }
            finish(before, next, retired);
            return Optional.of(new Done(
                    next.number(), (prepared - begin) / 1e6, (done - switching) / 1e3, drops.emptySlots() - lost));
        } catch (RefusedStageException | RuntimeException e) {
            undo.forEach(Runnable::run);
            throw e;
        }
    }

    /** Whether a stage could be loaded, tried on the side. @return why not */
    Optional<String> check(StageDescriptor stage) {
        try (BpfMap array = BpfMap.create(ends.arraySpec());
                BpfObject object = loader.tryLoad(stage, slots.slotOf(stage.name(), namesInUse()), array)) {
            LOG.debug("{} loads, as program {}", stage, object.program(stage.program()).info().id());
            return Optional.empty();
        } catch (RefusedStageException e) {
            return Optional.of(e.getMessage());
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
        if (!generation && !differsByOneStage(current.chain(), next.chain())) {
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
        undo.push(stage.instance()::unloaded);
        try {
            stage.instance().loaded(resources);
        } catch (Exception e) {
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
        BpfMap array = BpfMap.create(ends.arraySpec());
        undo.push(array::close);
        return array;
    }

    private BpfObject newExit(BpfMap array, Deque<Runnable> undo) {
        BpfObject exit = ends.loadExit(array);
        undo.push(exit::close);
        return exit;
    }

    // ---- commit

    private List<BpfObject> commit(Pipeline before, Pipeline next, Deque<Runnable> undo) {
        if (before != null && before.array() == next.array()) {
            writeRows(before, next, undo);
            return List.of();
        }
        next.rows().forEach(next.array()::setProgram);
        pin(next, undo);
        return points.flip(next);
    }

    private void writeRows(Pipeline before, Pipeline next, Deque<Runnable> undo) {
        Map<Integer, BpfProgram> old = before.rows();
        for (Map.Entry<Integer, BpfProgram> write : next.writesAfter(before)) {
            next.array().setProgram(write.getKey(), write.getValue());
            BpfProgram previous = old.get(write.getKey());
            if (previous != null) {
                undo.push(() -> next.array().setProgram(write.getKey(), previous));
            }
        }
    }

    private void pin(Pipeline next, Deque<Runnable> undo) {
        Path pin = pinOf(next);
        try {
            Files.createDirectories(arrays);
        } catch (IOException e) {
            throw new UncheckedIOException("making " + arrays + " for the pin of a prog array", e);
        }
        next.array().pin(pin);
        undo.push(() -> MapStore.unpin(pin));
    }

    // ---- finish

    private void finish(Pipeline before, Pipeline next, List<BpfObject> retired) {
        generations = next.number();
        next.stages().values().forEach(stage -> stage.instance().use(stage.object()));
        if (before == null) {
            removeEarlierArrays(next);
            return;
        }
        Membarrier.global();
        retired.forEach(BpfObject::close);
        Set<StageInstance> stay = new HashSet<>();
        next.stages().values().forEach(stage -> stay.add(stage.instance()));
        for (Loaded old : before.stages().values()) {
            if (next.stages().get(old.name()) != old) {
                if (!stay.contains(old.instance())) {
                    old.instance().unloaded();
                }
                old.object().close();
            }
        }
        if (before.array() == next.array()) {
            before.rows().keySet().stream()
                    .filter(row -> !next.rows().containsKey(row))
                    .forEach(next.array()::clearRow);
        } else {
            MapStore.unpin(pinOf(before));
            before.exit().close();
            before.array().close();
        }
        maps.retain(mapsInUse(next));
    }

    private Set<String> mapsInUse(Pipeline pipeline) {
        Set<String> used = new TreeSet<>();
        pipeline.stages().values().forEach(stage -> used.addAll(
                loader.mapsOf(stage.instance().descriptor(), stage.object().spec())));
        return used;
    }

    /** An adopted data plane's arrays: every attach point has left them once ours are in force. */
    private void removeEarlierArrays(Pipeline next) {
        for (Path pin : pins(arrays)) {
            if (!pin.equals(pinOf(next))) {
                LOG.debug("removing the prog array of an earlier run, {}", pin);
                staleArrays.add(pin);
            }
        }
    }

    /** Called once every attach point has been taken over from the earlier run. */
    void forgetEarlierArrays() {
        staleArrays.forEach(MapStore::unpin);
        staleArrays.clear();
    }

    /** Everything is detached: unpins what is left. */
    void dismantle() {
        if (current != null) {
            MapStore.unpin(pinOf(current));
        }
        release();
    }

    /** Closes what this process holds; the pinned data plane goes on. */
    void release() {
        if (current != null) {
            current.stages().values().forEach(stage -> {
                stage.instance().unloaded();
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

    /** One stage in, out or replaced, the others the same and in the same order. */
    static boolean differsByOneStage(List<Loaded> before, List<Loaded> after) {
        Set<String> changed = new TreeSet<>();
        before.stream().filter(stage -> !after.contains(stage)).forEach(stage -> changed.add(stage.name()));
        after.stream().filter(stage -> !before.contains(stage)).forEach(stage -> changed.add(stage.name()));
        List<Loaded> keptBefore = before.stream().filter(after::contains).toList();
        List<Loaded> keptAfter = after.stream().filter(before::contains).toList();
        return changed.size() <= 1 && keptBefore.equals(keptAfter);
    }

    /** Flows that were decided without it must meet it: theirs is the epoch before. */
    private static boolean gainsAStage(Pipeline before, Pipeline next) {
        return before != null && !before.chain().containsAll(next.chain());
    }

    private Optional<Loaded> loaded(StageInstance instance) {
        return current == null
                ? Optional.empty()
                : current.stages().values().stream()
                        .filter(stage -> stage.instance() == instance)
                        .findFirst();
    }

    private Set<String> namesInUse() {
        return current == null ? Set.of() : current.stages().keySet();
    }

    private Path pinOf(Pipeline pipeline) {
        return arrays.resolve(Integer.toString(pipeline.number()));
    }

    private static int earlierGenerations(Path arrays) {
        return pins(arrays).stream()
                .mapToInt(pin -> Integer.parseInt(pin.getFileName().toString()))
                .max()
                .orElse(0);
    }

    private static List<Path> pins(Path arrays) {
        if (!Files.isDirectory(arrays)) {
            return List.of();
        }
        try (var found = Files.list(arrays)) {
            return found.toList();
        } catch (IOException e) {
            throw new UncheckedIOException("listing the pinned prog arrays in " + arrays, e);
        }
    }
}
