package io.manx.core;

import io.manx.api.resource.Resources;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the hooks follow the stages on offer: what can't go in is refused and left out, and all of it is recorded. */
final class Changes {
    private static final Logger LOG = LoggerFactory.getLogger(Changes.class);

    private final Map<Hook, HookPlane> planes;
    private final Transaction transaction;
    private final Catalog catalog;
    private final Swaps swaps;
    private final StageInstance.Host host;
    private final Map<StageDescriptor, StageInstance> instances = new LinkedHashMap<>();
    private Map<String, Integer> entriesInForce = Map.of();
    private RefusedStageException entriesRefused;

    Changes(
            Map<Hook, HookPlane> planes,
            Transaction transaction,
            Catalog catalog,
            Swaps swaps,
            StageInstance.Host host) {
        this.planes = planes;
        this.transaction = transaction;
        this.catalog = catalog;
        this.swaps = swaps;
        this.host = host;
    }

    /**
     * Changes what packets go through to what can be had.
     *
     * @param why for the record: what asks for it
     * @param running whether packets go through pipelines of this process: maps then stay as they are where another number
     *     of entries is refused, see {@link #takeEntriesRefused}
     */
    Map<HookPlane, Composer.Done> run(String why, Resources resources, boolean running) {
        Map<String, Integer> entries = wantedEntries(resources);
        while (true) {
            try {
                Map<HookPlane, Composer.Done> done = transaction.run(this::instanceOf, resources, entries);
                entriesInForce = entries;
                done.forEach((plane, change) -> record(plane, why, change));
                return done;
            } catch (RefusedStageException e) {
                if (running && !entries.equals(entriesInForce)) {
                    entriesRefused = e;
                    entries = entriesInForce;
                } else {
                    refuse(e, why);
                }
            }
        }
    }

    private Map<String, Integer> wantedEntries(Resources resources) {
        Map<String, Integer> entries = new TreeMap<>();
        planes.values().stream()
                .flatMap(plane -> plane.plan().wanted(this::instanceOf).distinct().stream())
                .flatMap(List::stream)
                .forEach(instance -> instance.mapEntries(resources)
                        .forEach((map, number) -> entries.merge(map, number, Math::max)));
        return entries;
    }

    /** Why maps did not get another number of entries; asked once. */
    Optional<RefusedStageException> takeEntriesRefused() {
        Optional<RefusedStageException> refused = Optional.ofNullable(entriesRefused);
        entriesRefused = null;
        return refused;
    }

    private StageInstance instanceOf(StageDescriptor stage) {
        return instances.computeIfAbsent(
                stage, s -> new StageInstance(s, s.needsControl() ? s.control().get() : Optional.empty(), host));
    }

    /** Forgets the others. */
    void retain(Collection<StageInstance> loaded) {
        instances.values().retainAll(loaded);
    }

    void refuse(RefusedStageException e, String why) {
        LOG.error("{}", e.getMessage());
        LOG.debug("refused", e);
        recordRefusal(e, why);
        instances.remove(e.stage());
        catalog.refuse(e);
    }

    void recordRefusal(RefusedStageException e, String why) {
        swaps.refused(e.stage(), why, runningVersion(e.stage()), e.getMessage());
    }

    private String runningVersion(StageDescriptor stage) {
        return planes.get(stage.hook()).running().stream()
                .filter(running -> running.name().equals(stage.name()))
                .findFirst()
                .map(running -> running.version().toString())
                .orElse("");
    }

    private void record(HookPlane plane, String why, Composer.Done done) {
        swaps.done(plane.hook(), why, done);
        done.changed().forEach(pipeline -> LOG.info(
                "{} pipeline {}{}: {} (prepared in {} ms, switched in {} us)",
                plane.hook().text(),
                pipeline.number(),
                done.next().whose(pipeline),
                String.join(" > ", pipeline.chainNames()),
                String.format("%.1f", done.prepareMillis()),
                String.format("%.1f", done.switchMicros())));
    }
}
