package io.manx.core;

import io.manx.core.Order.CycleException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * Every stage on offer, and which of them make up the pipeline. What runs is only taken out when nothing that runs needs
 * it, and only replaced by what was accepted: packets never pass a stage less because something else was refused.
 */
final class Catalog {
    /**
     * @param held stages whose bundle is gone and that run on
     * @param unready stages whose control is not there yet
     * @param waiting every stage that is not in the order, and why
     */
    record Choice(
            Order order,
            Set<StageDescriptor> held,
            Map<StageDescriptor, String> unready,
            Map<StageDescriptor, String> waiting) {}

    private final NoteFields fields;
    private final Set<StageDescriptor> offered = new LinkedHashSet<>();
    private final Map<StageDescriptor, Long> leaving = new LinkedHashMap<>();
    private final Map<StageDescriptor, RefusedStageException> refused = new LinkedHashMap<>();
    private final Map<String, String> verifierLogs = new HashMap<>();
    private final Map<Hook, Map<String, String>> needed = new EnumMap<>(Hook.class);

    Catalog(NoteFields fields) {
        this.fields = fields;
    }

    NoteFields fields() {
        return fields;
    }

    FieldRules rules(List<StageDescriptor> running) {
        return new FieldRules(fields, running, offered);
    }

    void offer(StageDescriptor stage) {
        offered.add(stage);
    }

    /** Its bundle is gone for good. */
    void withdraw(StageDescriptor stage) {
        offered.remove(stage);
        refused.remove(stage);
        leaving.remove(stage);
    }

    /**
     * Its bundle has stopped, and may come back: while it runs it stays, unless another of its name can take its place.
     *
     * @param untilNanos of System.nanoTime; {@link Long#MAX_VALUE}: as long as the bundle is installed
     */
    void leave(StageDescriptor stage, long untilNanos) {
        withdraw(stage);
        leaving.put(stage, untilNanos);
    }

    /** The stages of a bundle that has come back: those it has no more need not be waited for. */
    void cameBack(long bundleId) {
        leaving.keySet().removeIf(stage -> stage.bundleId() == bundleId);
    }

    /** @param running on every hook */
    void forgetGone(List<StageDescriptor> running) {
        Set<StageDescriptor> there = new HashSet<>(running);
        there.addAll(offered);
        fields.retain(there);
    }

    private boolean isLeaving(StageDescriptor stage) {
        Long until = leaving.get(stage);
        return until != null && (until == Long.MAX_VALUE || until - System.nanoTime() > 0);
    }

    void refuse(RefusedStageException e) {
        refused.put(e.stage(), e);
        keepLog(e);
    }

    /** Resources are others now: what contradicted the earlier ones may go in. */
    void reconsider() {
        refused.values().removeIf(RefusedStageException::contradictsPipeline);
    }

    /** @param stages by name, that resources need, and who does: while they run they are not let go */
    void need(Hook hook, Map<String, String> stages) {
        needed.put(hook, Map.copyOf(stages));
    }

    private Optional<String> whoNeeds(StageDescriptor stage) {
        return Optional.ofNullable(needed.getOrDefault(stage.hook(), Map.of()).get(stage.name()));
    }

    /** For whoever is told of a refusal and then asks for the log: the stage itself may be gone by then. */
    void keepLog(RefusedStageException e) {
        e.verifierLog().ifPresent(log -> verifierLogs.put(e.stage().name(), log));
    }

    /** The verifier's log of the last refusal of a stage of this name. */
    Optional<String> verifierLog(String stage) {
        return Optional.ofNullable(verifierLogs.get(stage));
    }

    Map<StageDescriptor, RefusedStageException> refused() {
        return Map.copyOf(refused);
    }

    boolean isOffered(StageDescriptor stage) {
        return offered.contains(stage);
    }

    Set<StageDescriptor> offered() {
        return new LinkedHashSet<>(offered);
    }

    /** Whoever offers a stage, also one that does not run, and these. */
    Set<String> bundlesAnd(Set<String> others) {
        Set<String> bundles = new HashSet<>(others);
        offered.forEach(stage -> bundles.add(stage.bundle()));
        return bundles;
    }

    /**
     * The pipeline that the offers add up to.
     *
     * @param running what packets go through now
     */
    Choice choose(Hook hook, List<StageDescriptor> running) {
        Map<StageDescriptor, String> unready = new LinkedHashMap<>();
        Set<StageDescriptor> eligible = new LinkedHashSet<>();
        for (StageDescriptor stage : offered) {
            if (stage.hook() != hook || refused.containsKey(stage)) {
                continue;
            }
            if (stage.needsControl() && !running.contains(stage) && stage.control().get().isEmpty()) {
                unready.put(stage, "its bundle " + stage.bundle() + " has not yet given its control component"
                        + " (a service with property manx.stage=" + stage.name() + ")");
            } else {
                eligible.add(stage);
            }
        }
        return choose(hook, running, eligible, unready, new LinkedHashMap<>());
    }

    /** @param waiting what was to go in and can't without taking something that runs out */
    private Choice choose(
            Hook hook,
            List<StageDescriptor> running,
            Set<StageDescriptor> eligible,
            Map<StageDescriptor, String> unready,
            Map<StageDescriptor, String> waiting) {
        Set<StageDescriptor> absent = new LinkedHashSet<>(unready.keySet());
        absent.addAll(waiting.keySet());
        Optional<Map.Entry<StageDescriptor, String>> parted =
                new WholeBundles(offered, refused.keySet()).parted(eligible, running, absent);
        if (parted.isPresent()) {
            return chooseWithout(parted.get(), hook, running, eligible, unready, waiting);
        }
        FieldRules rules = rules(running);
        Set<StageDescriptor> held = held(running, eligible, absent, rules);
        Set<StageDescriptor> all = new LinkedHashSet<>(eligible);
        all.addAll(held);
        Order order = order(all, running, name -> whyAbsent(name, hook, absent), rules);
        if (eligible.removeAll(refused.keySet())) {
            return choose(hook, running, eligible, unready, waiting);
        }
        Optional<Map.Entry<StageDescriptor, String>> costly = new Newcomers(rules, running).costly(order, all);
        if (costly.isPresent()) {
            return chooseWithout(costly.get(), hook, running, eligible, unready, waiting);
        }
        fields.place(hook, order.chain(), running);
        waiting.putAll(unready);
        waiting.putAll(order.waiting());
        return new Choice(order, held, unready, waiting);
    }

    private Choice chooseWithout(
            Map.Entry<StageDescriptor, String> stage,
            Hook hook,
            List<StageDescriptor> running,
            Set<StageDescriptor> eligible,
            Map<StageDescriptor, String> unready,
            Map<StageDescriptor, String> waiting) {
        eligible.remove(stage.getKey());
        waiting.put(stage.getKey(), stage.getValue());
        return choose(hook, running, eligible, unready, waiting);
    }

    private Set<StageDescriptor> held(
            List<StageDescriptor> running,
            Set<StageDescriptor> eligible,
            Set<StageDescriptor> absent,
            FieldRules rules) {
        Set<StageDescriptor> held = new LinkedHashSet<>();
        boolean changed = true;
        while (changed) {
            changed = false;
            for (StageDescriptor stage : running) {
                if (!eligible.contains(stage) && !held.contains(stage)
                        && (isNeeded(stage, running, eligible, held)
                                || isRead(stage, running, eligible, held, rules)
                                || isBeingReplaced(stage, eligible, absent))) {
                    changed = held.add(stage);
                }
            }
        }
        return held;
    }

    /** Something that runs and stays must follow it, or a resource names it; and nobody else offers one of its name. */
    private boolean isNeeded(
            StageDescriptor stage,
            List<StageDescriptor> running,
            Set<StageDescriptor> eligible,
            Set<StageDescriptor> held) {
        boolean offeredElsewhere = eligible.stream().anyMatch(other -> other.name().equals(stage.name()));
        return !offeredElsewhere
                && (whoNeeds(stage).isPresent()
                        || running.stream()
                                .filter(other -> eligible.contains(other) || held.contains(other))
                                .anyMatch(other -> other.after().contains(stage.name())));
    }

    /** Something that runs and stays reads a field that it writes, and nobody else offers that. */
    private static boolean isRead(
            StageDescriptor stage,
            List<StageDescriptor> running,
            Set<StageDescriptor> eligible,
            Set<StageDescriptor> held,
            FieldRules rules) {
        return running.stream()
                .filter(other -> eligible.contains(other) || held.contains(other))
                .anyMatch(other -> rules.served(stage, other).stream()
                        .anyMatch(field -> eligible.stream().noneMatch(writer -> rules.serves(writer, other, field))));
    }

    /** Its bundle may come back, or a newer version was refused or has to wait; and nothing else of its name can run. */
    private boolean isBeingReplaced(
            StageDescriptor stage, Set<StageDescriptor> eligible, Set<StageDescriptor> absent) {
        boolean another = eligible.stream().anyMatch(other -> other.name().equals(stage.name()));
        boolean successor = offered.stream()
                .filter(other -> other.name().equals(stage.name()))
                .anyMatch(other -> refused.containsKey(other) || absent.contains(other));
        return !another && (successor || isLeaving(stage));
    }

    /** @param absent that are there and have to wait */
    String whyAbsent(String name, Hook hook, Set<StageDescriptor> absent) {
        List<StageDescriptor> named = offered.stream().filter(stage -> stage.name().equals(name)).toList();
        if (named.stream().anyMatch(absent::contains)) {
            return "waits itself";
        } else if (named.stream().anyMatch(stage -> stage.hook() == hook && refused.containsKey(stage))) {
            return "was refused";
        }
        return named.isEmpty() ? "is not installed" : "is a stage of " + named.get(0).hook().text();
    }

    private Order order(
            Set<StageDescriptor> eligible,
            List<StageDescriptor> running,
            UnaryOperator<String> whyAbsent,
            FieldRules rules) {
        try {
            return Order.of(eligible, whyAbsent, rules);
        } catch (CycleException e) {
            List<StageDescriptor> fresh =
                    e.stages().stream().filter(stage -> !running.contains(stage)).toList();
            if (fresh.isEmpty()) {
                throw new IllegalStateException("stages that run can't contradict each other", e);
            }
            for (StageDescriptor stage : fresh) {
                refuse(RefusedStageException.because(stage, e.getMessage()));
            }
            Set<StageDescriptor> rest = new LinkedHashSet<>(eligible);
            fresh.forEach(rest::remove);
            return order(rest, running, whyAbsent, rules);
        }
    }

    /** Running stages that would have to stay although their bundle goes. */
    Optional<String> whyNeeded(List<StageDescriptor> running, Set<StageDescriptor> going) {
        List<String> reasons = new ArrayList<>();
        for (StageDescriptor stage : going) {
            boolean offeredElsewhere =
                    offered.stream().anyMatch(other -> other.name().equals(stage.name()) && !going.contains(other));
            running.stream()
                    .filter(other -> !offeredElsewhere)
                    .filter(other -> !going.contains(other) && other.after().contains(stage.name()))
                    .forEach(other -> reasons.add(other.who() + " must follow " + stage.name()));
            running.stream()
                    .filter(other -> !going.contains(other))
                    .forEach(other -> whyRead(stage, other, going).ifPresent(reasons::add));
            if (!offeredElsewhere && running.contains(stage)) {
                whoNeeds(stage).ifPresent(who -> reasons.add(who + " names " + stage.name()));
            }
        }
        return reasons.isEmpty() ? Optional.empty() : Optional.of(reasons.stream().collect(Collectors.joining("; ")));
    }

    private Optional<String> whyRead(StageDescriptor stage, StageDescriptor reader, Set<StageDescriptor> going) {
        FieldRules rules = rules(List.of());
        return rules.served(stage, reader).stream()
                .filter(field -> offered.stream()
                        .noneMatch(other -> !going.contains(other) && rules.serves(other, reader, field)))
                .findFirst()
                .map(field -> reader.who() + " requires the note's field " + field.name()
                        + ", which " + stage.name() + " publishes");
    }
}
