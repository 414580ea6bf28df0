package io.manx.core;

import io.manx.api.resource.Pipeline;
import io.manx.core.Arrangement.Conflict;
import io.manx.core.Catalog.Choice;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which stages the packets of each of a hook's interfaces go through: what the Pipeline resources say, as far as the
 * stages allow it. Where they don't, an interface stays with what was in force for it.
 */
final class Routing {
    private static final Logger LOG = LoggerFactory.getLogger(Routing.class);

    private final Hook hook;
    private final Catalog catalog;
    private List<Pipeline> resources = List.of();
    private Plan inForce;

    Routing(Hook hook, Catalog catalog) {
        this.hook = hook;
        this.catalog = catalog;
    }

    /**
     * @param running stages that packets go through now
     * @throws IllegalArgumentException one contradicts what a stage says of its place; the message names both
     */
    void check(List<Pipeline> next, List<StageDescriptor> running) {
        List<StageDescriptor> there = catalog.choose(hook, running).order().chain();
        ours(next).map(resource -> Arrangement.of(resource, there, rules(running)))
                .flatMap(arrangement -> arrangement.conflicts().stream())
                .findFirst()
                .ifPresent(conflict -> {
                    throw new IllegalArgumentException(conflict.why() + "; the last good resources stay in force");
                });
    }

    /** In force from the next {@link #plan} on. */
    void resources(List<Pipeline> next) {
        resources = ours(next).toList();
    }

    private Stream<Pipeline> ours(List<Pipeline> all) {
        return all.stream().filter(resource -> resource.hook().equals(hook.text()));
    }

    /** Those that have a pipeline of their own. */
    Set<String> interfaces() {
        Set<String> names = new TreeSet<>();
        resources.forEach(resource -> names.addAll(resource.interfaces()));
        return names;
    }

    /**
     * What the interfaces should have now. A stage that an order names, or that an interface stays with, is not let go.
     *
     * @param running stages that packets go through now
     */
    Plan plan(List<StageDescriptor> running) {
        Map<String, String> needed = needed(resources);
        catalog.need(hook, needed);
        Plan plan = plan(catalog.choose(hook, running), rules(running));
        Map<String, String> kept = needed(staying(plan));
        if (!needed.keySet().containsAll(kept.keySet())) {
            kept.forEach(needed::putIfAbsent);
            catalog.need(hook, needed);
            plan = plan(catalog.choose(hook, running), rules(running));
        }
        return plan;
    }

    /** @param running stages that packets go through now */
    FieldRules rules(List<StageDescriptor> running) {
        return catalog.rules(running);
    }

    /** What packets take now. */
    Optional<Plan> inForce() {
        return Optional.ofNullable(inForce);
    }

    /** Packets take it. */
    void taken(Plan plan) {
        plan.pending().forEach((resource, reasons) -> {
            if (inForce == null || !reasons.equals(inForce.pending().get(resource))) {
                LOG.warn("{} waits: {}; its interfaces keep the pipeline they have", resource, String.join("; ", reasons.values()));
            }
        });
        inForce = plan;
    }

    /** What is in force for the interfaces of resources that can't be followed yet. */
    private List<Pipeline> staying(Plan plan) {
        return inForce == null
                ? List.of()
                : plan.pending().keySet().stream()
                        .flatMap(resource -> resource.interfaces().isEmpty()
                                ? Stream.of(inForce.others())
                                : resource.interfaces().stream().map(inForce::of))
                        .flatMap(route -> route.by().stream())
                        .toList();
    }

    private static Map<String, String> needed(List<Pipeline> resources) {
        Map<String, String> needed = new LinkedHashMap<>();
        resources.forEach(resource -> resource.order().forEach(stage -> needed.put(stage, resource.toString())));
        return needed;
    }

    private Plan plan(Choice choice, FieldRules rules) {
        List<StageDescriptor> there = choice.order().chain();
        Map<Pipeline, Map<String, String>> pending = new LinkedHashMap<>();
        List<Conflict> conflicts = new ArrayList<>();
        for (Pipeline resource : resources) {
            Arrangement arrangement = Arrangement.of(resource, there, rules);
            conflicts.addAll(arrangement.conflicts());
            if (!arrangement.isWhole()) {
                pending.put(resource, reasons(arrangement, choice));
            }
        }
        Plan.Route derived = new Plan.Route(Optional.empty(), there);
        Plan.Route others = resources.stream()
                .filter(resource -> resource.interfaces().isEmpty())
                .findFirst()
                .map(resource -> route(resource, inForce == null ? derived : inForce.others(), derived, rules))
                .orElse(derived);
        Map<String, Plan.Route> own = new LinkedHashMap<>();
        resources.forEach(resource -> resource.interfaces().forEach(name -> own.put(
                name, route(resource, inForce == null ? others : inForce.of(name), derived, rules))));
        return new Plan(choice, others, own, pending, conflicts);
    }

    /** What the resource says; where that can't be done, what was in force before. */
    private static Plan.Route route(Pipeline resource, Plan.Route before, Plan.Route derived, FieldRules rules) {
        return Stream.concat(Stream.of(resource), before.by().stream())
                .flatMap(spec -> Stream.of(Arrangement.of(spec, derived.chain(), rules))
                        .filter(Arrangement::isWhole)
                        .map(arrangement -> new Plan.Route(Optional.of(spec), arrangement.chain())))
                .findFirst()
                .orElse(derived);
    }

    private Map<String, String> reasons(Arrangement arrangement, Choice choice) {
        Map<String, String> reasons = new LinkedHashMap<>();
        arrangement.missing().forEach(name ->
                reasons.put(name, name + " " + catalog.whyAbsent(name, hook, choice.waiting().keySet())));
        arrangement.conflicts().forEach(conflict -> reasons.putIfAbsent(conflict.stage().name(), conflict.why()));
        return reasons;
    }
}
