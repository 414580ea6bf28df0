package io.manx.core;

import io.manx.api.resource.Resources;
import io.manx.core.Pipeline.Loaded;
import io.manx.core.Steps.Step;
import io.manx.libbpf.Membarrier;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * One change of all hooks: prepared on each, then switched by one write that all packets see, or undone on each. A bundle
 * with stages on tc and on xdp goes in on both or on none.
 */
final class Transaction {
    private final Collection<HookPlane> planes;
    private final Phase phase;
    private final MapStore maps;
    private final Migrations migrations;
    private final Steps steps;

    Transaction(Collection<HookPlane> planes, Phase phase, MapStore maps, Steps steps) {
        this.planes = planes;
        this.phase = phase;
        this.maps = maps;
        this.migrations = maps.migrations();
        this.steps = steps;
    }

    /**
     * Makes all pipelines what is planned.
     *
     * @param entries that maps are to have, by name, where that is not what their objects declare
     * @return what was done, by hook; those that stay as they are are not among them
     * @throws RefusedStageException a stage can't go in, or contradicts a resource; nothing has changed
     */
    Map<HookPlane, Composer.Done> run(
            Function<StageDescriptor, StageInstance> instances, Resources resources, Map<String, Integer> entries)
            throws RefusedStageException {
        long begin = System.nanoTime();
        Map<HookPlane, Plan> plans = plans();
        Undo undo = new Undo();
        Map<String, Integer> entriesBefore = maps.want(entries);
        undo.push(() -> maps.want(entriesBefore));
        undo.push(migrations::abandon);
        Set<String> resized = resized(entriesBefore, entries);
        Map<HookPlane, Composer.Change> changes = new LinkedHashMap<>();
        Map<HookPlane, Long> lost = new LinkedHashMap<>();
        long flip;
        try {
            for (HookPlane plane : planes) {
                plane.prepare(plans.get(plane), instances, resources, resized, undo)
                        .ifPresent(change -> changes.put(plane, change));
            }
            migrations.prepareSwitch(next(changes));
            changes.forEach((plane, change) -> lost.put(plane, plane.composer().mark(change)));
            flip = System.nanoTime();
            flip(changes.values());
        } catch (RefusedStageException | RuntimeException | Error e) {
            undo.run(e);
            throw e;
        }
        long end = System.nanoTime();
        changes.forEach((plane, change) -> plane.composer().switched(change));
        migrations.switched();
        undo.forget();
        plans.forEach(HookPlane::taken);
        Map<HookPlane, Composer.Done> done = new LinkedHashMap<>();
        changes.forEach((plane, change) ->
                done.put(plane, plane.composer().finish(change, begin, flip, end, lost.get(plane))));
        return done;
    }

    /** Before there is anything to undo. */
    private Map<HookPlane, Plan> plans() {
        steps.before(Step.PLAN);
        Map<HookPlane, Plan> plans = new LinkedHashMap<>();
        planes.forEach(plane -> plans.put(plane, plane.plan()));
        return plans;
    }

    private static Set<String> resized(Map<String, Integer> before, Map<String, Integer> next) {
        Set<String> names = new TreeSet<>(before.keySet());
        names.addAll(next.keySet());
        names.removeIf(name -> Objects.equals(before.get(name), next.get(name)));
        return names;
    }

    /** Everything that will be loaded, on all hooks. */
    private List<Loaded> next(Map<HookPlane, Composer.Change> changes) {
        List<Loaded> next = new ArrayList<>();
        for (HookPlane plane : planes) {
            next.addAll(changes.containsKey(plane) ? changes.get(plane).next().loaded() : plane.composer().loaded());
        }
        return next;
    }

    /** Each packet that begins from here on takes what is new. Nothing is attached yet where all of it is the first. */
    private void flip(Collection<Composer.Change> changes) {
        if (changes.stream().anyMatch(change -> change.before() != null)) {
            steps.before(Step.FLIP_PHASE);
            phase.flip();
        }
    }

    /** Has what an earlier run left attached take the first compositions, all at once. */
    void takeOver() {
        planes.forEach(HookPlane::prepareTakeOver);
        steps.before(Step.FLIP_PHASE);
        phase.flip();
        Membarrier.global();
        planes.forEach(plane -> plane.composer().takenOver());
    }
}
