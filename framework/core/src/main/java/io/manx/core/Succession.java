package io.manx.core;

import io.manx.core.Pipeline.Loaded;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Which of the pipelines that run go on as which of those that are wanted, so that as few attach points as can be have
 * to move: one that is as it is to be, or one that comes to it by a single stage. The latter only when all its attach
 * points are to follow: none may see a stage change under it on its way to another pipeline.
 */
final class Succession {
    private final Composition before;
    private final Wanted wanted;
    private final Map<Pipeline, List<String>> interfaces;

    private Succession(Composition before, Wanted wanted, List<String> attached) {
        this.before = before;
        this.wanted = wanted;
        this.interfaces = attached.stream().collect(Collectors.groupingBy(before::of));
    }

    /**
     * The heirs, by what they are to become; what is missing must be made anew.
     *
     * @param attached the interface of each attach point
     */
    static Map<List<StageInstance>, Pipeline> of(Composition before, Wanted wanted, List<String> attached) {
        Succession succession = new Succession(before, wanted, attached);
        Map<List<StageInstance>, Pipeline> heirs = new LinkedHashMap<>();
        for (List<StageInstance> stages : wanted.distinct()) {
            succession.heirOf(stages, Set.copyOf(heirs.values())).ifPresent(heir -> heirs.put(stages, heir));
        }
        return heirs;
    }

    private Optional<Pipeline> heirOf(List<StageInstance> stages, Set<Pipeline> taken) {
        return before.pipelines().stream()
                .filter(pipeline -> !taken.contains(pipeline))
                .filter(pipeline -> pipeline.is(stages) || canBecome(pipeline, stages))
                .max(Comparator.<Pipeline>comparingLong(pipeline -> staying(pipeline, stages))
                        .thenComparing(pipeline -> pipeline.is(stages)));
    }

    private boolean canBecome(Pipeline pipeline, List<StageInstance> stages) {
        return changedNames(pipeline, stages).size() <= 1
                && staying(pipeline, stages) == interfacesOf(pipeline).size();
    }

    private long staying(Pipeline pipeline, List<StageInstance> stages) {
        return interfacesOf(pipeline).stream()
                .filter(name -> wanted.of(name).equals(stages))
                .count();
    }

    private List<String> interfacesOf(Pipeline pipeline) {
        return interfaces.getOrDefault(pipeline, List.of());
    }

    private static Set<String> changedNames(Pipeline pipeline, List<StageInstance> stages) {
        List<StageInstance> now = pipeline.instances();
        Set<String> changed = new TreeSet<>();
        stages.stream()
                .filter(instance -> !now.contains(instance))
                .forEach(instance -> changed.add(instance.descriptor().name()));
        pipeline.stages().values().stream()
                .filter(stage -> !stages.contains(stage.instance()))
                .map(Loaded::name)
                .forEach(changed::add);
        return changed;
    }
}
