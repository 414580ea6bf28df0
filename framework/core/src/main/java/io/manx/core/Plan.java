package io.manx.core;

import io.manx.api.resource.Pipeline;
import io.manx.core.Arrangement.Conflict;
import io.manx.core.Catalog.Choice;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Which stages the packets of each of a hook's interfaces are to go through.
 *
 * @param choice the stages there are
 * @param others of every interface that has none of its own
 * @param own by interface
 * @param pending resources that can't be followed yet, and by stage why
 * @param conflicts between resources and stages, each of a resource that is pending
 */
record Plan(
        Choice choice,
        Route others,
        Map<String, Route> own,
        Map<Pipeline, Map<String, String>> pending,
        List<Conflict> conflicts) {
    /** @param by what says so; empty: every stage there is, in the order that they derive */
    record Route(Optional<Pipeline> by, List<StageDescriptor> chain) {
        boolean has(StageDescriptor stage) {
            return chain.contains(stage);
        }
    }

    Route of(String interfaceName) {
        return own.getOrDefault(interfaceName, others);
    }

    /** Each once, that of all others first. */
    Set<Route> routes() {
        Set<Route> routes = new LinkedHashSet<>();
        routes.add(others);
        routes.addAll(own.values());
        return routes;
    }

    /** The resources that are followed. */
    List<Pipeline> specs() {
        return routes().stream().flatMap(route -> route.by().stream()).toList();
    }

    Wanted wanted(Function<StageDescriptor, StageInstance> instances) {
        Map<String, List<StageInstance>> wanted = new LinkedHashMap<>();
        own.forEach((name, route) -> wanted.put(name, route.chain().stream().map(instances).toList()));
        return new Wanted(others.chain().stream().map(instances).toList(), wanted);
    }

    /** Every stage that is in no pipeline, and why. */
    Map<StageDescriptor, String> waiting() {
        Map<StageDescriptor, String> waiting = new LinkedHashMap<>(choice.waiting());
        choice.order().chain().stream()
                .filter(stage -> routes().stream().noneMatch(route -> route.has(stage)))
                .forEach(stage -> waiting.put(stage, "left out by " + String.join(
                        ", ", specs().stream().map(Pipeline::toString).distinct().toList())));
        return waiting;
    }

    /**
     * A stage that came later than the resource it contradicts: what runs, and what is in force, stays.
     *
     * @param running stages that packets go through now
     */
    Optional<RefusedStageException> refusal(List<StageDescriptor> running) {
        return conflicts.stream()
                .flatMap(conflict -> Stream.concat(Stream.of(conflict.stage()), conflict.other().stream())
                        .filter(stage -> !running.contains(stage))
                        .map(stage -> RefusedStageException.contradiction(stage, conflict.why())))
                .findFirst();
    }
}
