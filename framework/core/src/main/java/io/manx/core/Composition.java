package io.manx.core;

import io.manx.core.Pipeline.Loaded;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The pipelines of a hook, and which interface's packets go through which.
 *
 * @param others of every interface that has none of its own
 * @param own by interface; interfaces whose stages are the same share one
 */
record Composition(Pipeline others, Map<String, Pipeline> own) {
    /** @param pipelines by their stages, each that is wanted */
    static Composition of(Wanted wanted, Map<List<StageInstance>, Pipeline> pipelines) {
        Map<String, Pipeline> own = new LinkedHashMap<>();
        wanted.own().forEach((name, stages) -> own.put(name, pipelines.get(stages)));
        return new Composition(pipelines.get(wanted.others()), own);
    }

    Pipeline of(String interfaceName) {
        return own.getOrDefault(interfaceName, others);
    }

    /** Each once. */
    List<Pipeline> pipelines() {
        Set<Pipeline> all = new LinkedHashSet<>();
        all.add(others);
        all.addAll(own.values());
        return List.copyOf(all);
    }

    /** For a log: nothing for that of all others, else {@code of} and the interfaces. */
    String whose(Pipeline pipeline) {
        List<String> names = own.keySet().stream().filter(name -> own.get(name) == pipeline).sorted().toList();
        return pipeline == others || names.isEmpty() ? "" : " of " + String.join(", ", names);
    }

    /** Every program that is loaded, of idle stages too; a stage that is in several pipelines has one in each. */
    List<Loaded> loaded() {
        List<Loaded> all = new ArrayList<>();
        pipelines().forEach(pipeline -> all.addAll(pipeline.stages().values()));
        return all;
    }

    /** The one that keeps its prog array while its stages change. */
    Optional<Pipeline> sharingTheArrayOf(Pipeline other) {
        return pipelines().stream()
                .filter(pipeline -> pipeline.array() == other.array())
                .findFirst();
    }

    /** Interfaces that have, or are to have, a pipeline of their own. */
    static Set<String> named(Composition before, Composition next) {
        Set<String> names = new LinkedHashSet<>(before.own().keySet());
        names.addAll(next.own().keySet());
        return names;
    }

    /** Whether this is what is wanted, with every stage that is idle now routed around. */
    boolean is(Wanted wanted) {
        Set<String> names = new LinkedHashSet<>(own.keySet());
        names.addAll(wanted.own().keySet());
        return others.is(wanted.others())
                && names.stream().allMatch(name -> of(name).is(wanted.of(name)))
                && pipelines().size() == wanted.distinct().size();
    }
}
