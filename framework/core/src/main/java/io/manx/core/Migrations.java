package io.manx.core;

import io.manx.core.Migration.CaughtUp;
import io.manx.core.Pipeline.Loaded;
import io.manx.core.Steps.Step;
import io.manx.api.stage.MapMigration;
import io.manx.libbpf.BpfMap;
import io.manx.libbpf.BpfObject;
import io.manx.libbpf.MapSpec;
import io.manx.libbpf.Membarrier;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The maps that a change takes to another layout, each beside the one in use until packets have left that.
 *
 * <pre>
 *   begin           the new map is copied to; nobody else knows of it
 *   prepareSwitch   what changed meanwhile is followed; the new map is pinned as NAME~next
 *   switched        packets take the new version
 *   finish          what changed until then is followed; NAME~next becomes NAME, and the old map goes
 * </pre>
 *
 * A process killed before {@code prepareSwitch} leaves nothing of the copy. Where it leaves both pins, {@link HalfCopies}
 * sees which of the two packets go through.
 */
final class Migrations {
    private static final class Pending {
        private final StageDescriptor stage;
        private final MapSpec spec;
        private final BpfMap fresh;
        private final Migration migration;
        private boolean pinned;
        private boolean switched;
        private boolean carried;

        Pending(StageDescriptor stage, MapSpec spec, BpfMap fresh, Migration migration) {
            this.stage = stage;
            this.spec = spec;
            this.fresh = fresh;
            this.migration = migration;
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(Migrations.class);
    private final MapStore maps;
    private final Steps steps;
    private final Copying copying;
    private final Map<String, Pending> pending = new ConcurrentHashMap<>();

    Migrations(MapStore maps, Steps steps) {
        this.maps = maps;
        this.steps = steps;
        this.copying = new Copying(maps);
    }

    /** The new map of this name, where it is of this layout. */
    Optional<BpfMap> fresh(String name, MapSpec spec) {
        return Optional.ofNullable(pending.get(name))
                .filter(found -> MapDifference.none(found.spec, spec))
                .map(found -> found.fresh);
    }

    /** @return whether copies are left that no change has taken or abandoned */
    boolean close() {
        boolean any = !pending.isEmpty();
        pending.values().forEach(copy -> copy.fresh.close());
        pending.clear();
        return any;
    }

    /**
     * Copies a map while programs run on it.
     *
     * @param made what the loading of the stage's object has made; this keeps a handle of its own
     * @throws IllegalArgumentException the migration failed, or what the map holds does not fit, or the one before is not
     *     over
     */
    void begin(String name, StageDescriptor stage, BpfMap old, BpfMap made, MapMigration how) {
        requireOver(name);
        discard(name);
        long begin = System.nanoTime();
        BpfMap fresh = made.duplicate();
        try {
            steps.before(Step.COPY_MAP);
            Migration migration = new Migration(name, old, fresh, how);
            int copied = migration.copy();
            pending.put(name, new Pending(stage, made.spec(), fresh, migration));
            LOG.info("map {}: {} entries copied to the layout of {} in {} ms", name, copied, stage, millisSince(begin));
        } catch (RuntimeException | Error e) {
            fresh.close();
            throw e;
        }
    }

    /** Packets take the new map of the migration before, and {@code NAME~next} is its only pin until it has the name. */
    private void requireOver(String name) {
        Pending before = pending.get(name);
        if (before != null && before.carried) {
            finish(name, before);
        }
        if (before != null && before.switched && pending.containsKey(name)) {
            throw new IllegalArgumentException("map " + name + " has got the layout of " + before.stage
                    + " just now, and its pin " + maps.nextPin(name) + " does not have its name yet; settle that first"
                    + " (the log says what kept it from it), then offer the stage again");
        }
    }

    /** The change does not come: nothing is left of the copies. */
    void abandon() {
        pending.forEach((name, copy) -> {
            if (!copy.switched) {
                discard(name);
            }
        });
        copying.is(false);
    }

    private void discard(String name) {
        Pending copy = pending.remove(name);
        if (copy != null) {
            copy.fresh.close();
            if (copy.pinned) {
                MapStore.unpin(maps.nextPin(name));
            }
        }
    }

    /**
     * To be called last before packets take these stages.
     *
     * @param next of all hooks
     * @throws RefusedStageException a stage that stays uses the map in its old layout, or what came since does not fit
     */
    void prepareSwitch(Collection<Loaded> next) throws RefusedStageException {
        copying.is(!pending.isEmpty());
        for (Map.Entry<String, Pending> entry : pending.entrySet()) {
            Pending copy = entry.getValue();
            requireAllMove(entry.getKey(), copy, next);
            if (!copy.switched) {
                steps.before(Step.CATCH_UP_MAP);
                requireCaughtUp(entry.getKey(), copy);
                steps.before(Step.PIN_MAP);
                copy.fresh.pin(maps.nextPin(entry.getKey()));
                copy.pinned = true;
            }
        }
    }

    private static void requireAllMove(String name, Pending copy, Collection<Loaded> next) throws RefusedStageException {
        for (Loaded stage : next) {
            StageDescriptor other = stage.instance().descriptor();
            if (staysBehind(name, copy, other, stage.object())) {
                throw leftBehind(name, copy.switched ? other : copy.stage, copy.switched ? copy.stage : other);
            }
        }
    }

    private static boolean staysBehind(String name, Pending copy, StageDescriptor stage, BpfObject object) {
        return object.maps().stream()
                .anyMatch(map -> MapStore.nameOf(stage.bundle(), map.name()).equals(name)
                        && map.info().id() != copy.fresh.info().id());
    }

    private static RefusedStageException leftBehind(String name, StageDescriptor stage, StageDescriptor other) {
        return RefusedStageException.because(
                stage, "map " + name + " would get another layout, and " + other + ", which uses it too, has the old one");
    }

    private static void requireCaughtUp(String name, Pending copy) throws RefusedStageException {
        CaughtUp done = copy.migration.catchUp();
        String why = done.failures().isEmpty()
                ? "map " + name + ": " + done.noRoom() + " entries that came while it was copied have no room"
                : done.failures().get(0).getMessage();
        if (done.noRoom() > 0 || !done.failures().isEmpty()) {
            throw RefusedStageException.because(copy.stage, why);
        }
    }

    /** Packets take the new versions: from here on there is no way back. */
    void switched() {
        pending.values().forEach(copy -> copy.switched = true);
    }

    /** To be called when no program of an old version is attached, and its control has been told. Does all it can. */
    void finish() {
        if (pending.values().stream().anyMatch(copy -> copy.switched)) {
            Membarrier.global();
        }
        pending.forEach((name, copy) -> {
            if (copy.switched) {
                finish(name, copy);
            }
        });
        copying.is(false);
    }

    private void finish(String name, Pending copy) {
        if (!copy.carried) {
            copy.carried = true;
            end(name, Step.CARRY_MAP, () -> carry(name, copy));
            BpfMap old = maps.replace(name, copy.spec, copy.fresh);
            end(name, Step.CLOSE_MAP, old::close);
        }
        if (end(name, Step.RENAME_MAP, () -> rename(maps.nextPin(name), maps.pin(name)))) {
            pending.remove(name);
        }
    }

    private static void carry(String name, Pending copy) {
        long begin = System.nanoTime();
        CaughtUp done = copy.migration.catchUp();
        LOG.info("map {}: until packets had left its old layout {} entries came, {} changed and {} went; {} ms",
                name, done.added(), done.changed(), done.removed(), millisSince(begin));
        if (done.noRoom() > 0 || !done.failures().isEmpty()) {
            LOG.error("map {}: of these {} entries have no room in the new layout, and {} could not be migrated: {}",
                    name, done.noRoom(), done.failures().size(),
                    done.failures().isEmpty() ? "" : done.failures().get(0).getMessage());
        }
    }

    /** @return whether it took place */
    private boolean end(String name, Step step, Runnable task) {
        try {
            steps.before(step);
            task.run();
            return true;
        } catch (RuntimeException | LinkageError e) {
            LOG.error("map {}: the new version is in force, but the step {} after it failed: {}", name, step, e.getMessage(), e);
            return false;
        }
    }

    /** One step in bpffs too: whoever looks finds the old map under the name, or the new one. */
    static void rename(Path from, Path to) {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException("renaming the pin " + from + " to " + to, e);
        }
    }

    private static long millisSince(long nanos) {
        return (System.nanoTime() - nanos) / 1_000_000;
    }
}
