package io.manx.core;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * The order of a pipeline's stages, derived from what each says it comes after and before, and from the fields of the
 * note that it publishes and requires.
 *
 * <p>Of several stages with one name the highest version is taken. Then Kahn's topological sort (1962), taking the
 * first name of those that are free, so that the same stages always give the same order.
 *
 * @param chain the stages in their order
 * @param waiting the others, and why
 */
public record Order(List<StageDescriptor> chain, Map<StageDescriptor, String> waiting) {
    /** The kernel allows 33 tail calls a packet; the entry's and the exit's are two, and some headroom is left. */
    public static final int LONGEST = 28;

    /** The highest version first, then the bundle that came first. */
    static final Comparator<StageDescriptor> PREFERENCE = Comparator.comparing(StageDescriptor::version)
            .reversed()
            .thenComparing(StageDescriptor::bundleId);

    /** @throws CycleException the stages' wishes contradict each other */
    public static Order of(Collection<StageDescriptor> offered) throws CycleException {
        return of(offered, name -> "is not installed", FieldRules.NONE);
    }

    /**
     * @param whyAbsent says of a stage that is not among {@code offered} why: {@code was refused}
     * @param rules of the stages' fields
     * @throws CycleException the stages' wishes contradict each other
     */
    static Order of(Collection<StageDescriptor> offered, UnaryOperator<String> whyAbsent, FieldRules rules)
            throws CycleException {
        Map<StageDescriptor, String> waiting = new LinkedHashMap<>();
        Map<String, StageDescriptor> chosen = choose(offered, waiting);
        dropUnmet(chosen, waiting, whyAbsent, rules);
        List<StageDescriptor> chain = sort(chosen, rules);
        while (chain.size() > LONGEST) {
            StageDescriptor last = chain.remove(chain.size() - 1);
            waiting.put(last, "the pipeline already has " + LONGEST + " stages, the most that tail calls allow");
        }
        return new Order(List.copyOf(chain), waiting);
    }

    private static Map<String, StageDescriptor> choose(
            Collection<StageDescriptor> offered, Map<StageDescriptor, String> waiting) {
        Map<String, StageDescriptor> chosen = new TreeMap<>();
        offered.stream().sorted(PREFERENCE).forEach(stage -> {
            StageDescriptor better = chosen.putIfAbsent(stage.name(), stage);
            if (better != null) {
                waiting.put(stage, better.version() + " of bundle " + better.bundle() + " runs instead");
            }
        });
        return chosen;
    }

    private static void dropUnmet(
            Map<String, StageDescriptor> chosen,
            Map<StageDescriptor, String> waiting,
            UnaryOperator<String> whyAbsent,
            FieldRules rules) {
        Set<String> dropped = new HashSet<>();
        UnaryOperator<String> why = name -> dropped.contains(name) ? "waits itself" : whyAbsent.apply(name);
        while (true) {
            Optional<Map.Entry<StageDescriptor, String>> unmet =
                    withoutPredecessor(chosen, why).or(() -> rules.unmet(chosen.values(), why));
            if (unmet.isEmpty()) {
                return;
            }
            StageDescriptor stage = unmet.get().getKey();
            chosen.remove(stage.name());
            dropped.add(stage.name());
            waiting.put(stage, unmet.get().getValue());
        }
    }

    private static Optional<Map.Entry<StageDescriptor, String>> withoutPredecessor(
            Map<String, StageDescriptor> chosen, UnaryOperator<String> whyAbsent) {
        for (StageDescriptor stage : chosen.values()) {
            for (String name : stage.after()) {
                if (!chosen.containsKey(name)) {
                    return Optional.of(Map.entry(
                            stage, stage.name() + " must follow " + name + ", which " + whyAbsent.apply(name)));
                }
            }
        }
        return Optional.empty();
    }

    private static List<StageDescriptor> sort(Map<String, StageDescriptor> chosen, FieldRules rules)
            throws CycleException {
        Map<String, Set<String>> predecessors = predecessors(chosen, rules);
        TreeSet<String> free = new TreeSet<>();
        Map<String, Set<String>> open = new HashMap<>();
        predecessors.forEach((name, before) -> {
            if (before.isEmpty()) {
                free.add(name);
            } else {
                open.put(name, new HashSet<>(before));
            }
        });
        List<StageDescriptor> chain = new ArrayList<>();
        while (!free.isEmpty()) {
            String name = free.pollFirst();
            chain.add(chosen.get(name));
            open.entrySet().removeIf(entry -> {
                entry.getValue().remove(name);
                return entry.getValue().isEmpty() && free.add(entry.getKey());
            });
        }
        if (!open.isEmpty()) {
            throw new CycleException(cycle(open), chosen);
        }
        return chain;
    }

    private static Map<String, Set<String>> predecessors(Map<String, StageDescriptor> chosen, FieldRules rules) {
        Map<String, Set<String>> predecessors = new TreeMap<>();
        chosen.keySet().forEach(name -> predecessors.put(name, new TreeSet<>()));
        for (StageDescriptor stage : chosen.values()) {
            predecessors.get(stage.name()).addAll(stage.after());
            predecessors.get(stage.name()).addAll(rules.writers(stage, chosen.values()));
            stage.before().stream()
                    .filter(chosen::containsKey)
                    .forEach(name -> predecessors.get(name).add(stage.name()));
        }
        return predecessors;
    }

    /** Every open stage waits for another open one: going back from any ends in a circle. */
    private static List<String> cycle(Map<String, Set<String>> open) {
        List<String> path = new ArrayList<>();
        String at = new TreeSet<>(open.keySet()).first();
        while (!path.contains(at)) {
            path.add(0, at);
            at = new TreeSet<>(open.get(at)).first();
        }
        List<String> circle = new ArrayList<>(path.subList(0, path.indexOf(at) + 1));
        circle.add(0, at);
        return circle;
    }

    /** Stages that each want to come before the other. */
    public static final class CycleException extends Exception {
        private static final long serialVersionUID = 1;
        private final transient Set<StageDescriptor> stages;

        CycleException(List<String> circle, Map<String, StageDescriptor> chosen) {
            super(circle.stream().distinct()
                    .map(name -> chosen.get(name).who())
                    .collect(Collectors.joining(" before ", "each of these must come before the next, round in a circle: ",
                            " before " + circle.get(circle.size() - 1))));
            this.stages = circle.stream().map(chosen::get).collect(Collectors.toSet());
        }

        public Set<StageDescriptor> stages() {
            return Set.copyOf(stages);
        }
    }
}
