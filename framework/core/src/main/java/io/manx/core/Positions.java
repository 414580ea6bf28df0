package io.manx.core;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Why each stage of an order stands where it does: what it says, what others say of it, whose fields it reads, and whom
 * it met by name.
 *
 * <p>A stage is free to stand anywhere after the last of those it must follow; whoever stands between there and its own
 * place had the smaller name.
 */
final class Positions {
    private final List<StageDescriptor> order;
    private final FieldRules rules;
    private final Map<String, Integer> free = new HashMap<>();

    private Positions(List<StageDescriptor> order, FieldRules rules) {
        this.order = order;
        this.rules = rules;
        for (int at = 0; at < order.size(); at++) {
            StageDescriptor stage = order.get(at);
            free.put(stage.name(), IntStream.range(0, at)
                    .filter(earlier -> mustFollow(stage, order.get(earlier)))
                    .max()
                    .orElse(-1) + 1);
        }
    }

    /**
     * One list a stage, in the same order.
     *
     * @param order as {@link Order#chain}
     * @param rules by which it was made
     */
    static List<List<String>> of(List<StageDescriptor> order, FieldRules rules) {
        Positions positions = new Positions(order, rules);
        return IntStream.range(0, order.size()).mapToObj(positions::reasons).toList();
    }

    /**
     * Likewise, of an order that somebody wrote.
     *
     * @param by who did
     */
    static List<List<String>> pinned(List<StageDescriptor> order, FieldRules rules, String by) {
        Positions positions = new Positions(order, rules);
        return IntStream.range(0, order.size())
                .mapToObj(at -> {
                    List<String> reasons = new ArrayList<>(List.of("here by the order of " + by));
                    positions.said(order.get(at), reasons);
                    return reasons;
                })
                .toList();
    }

    private boolean mustFollow(StageDescriptor stage, StageDescriptor other) {
        return stage.after().contains(other.name())
                || other.before().contains(stage.name())
                || !rules.served(other, stage).isEmpty();
    }

    private List<String> reasons(int at) {
        List<String> reasons = new ArrayList<>();
        said(order.get(at), reasons);
        ties(at, reasons);
        return reasons.isEmpty() ? List.of("the only stage") : reasons;
    }

    private void said(StageDescriptor stage, List<String> reasons) {
        said("after", stage.after(), reasons);
        order.stream()
                .filter(other -> other.before().contains(stage.name()) && !stage.after().contains(other.name()))
                .forEach(other -> reasons.add(saidBy("after", other, "before", other.before())));
        said("before", stage.before(), reasons);
        order.stream()
                .filter(other -> other.after().contains(stage.name()) && !stage.before().contains(other.name()))
                .forEach(other -> reasons.add(saidBy("before", other, "after", other.after())));
        for (StageDescriptor other : order) {
            reads("after", other, "it requires its", rules.served(other, stage), reasons);
            reads("before", other, "which requires its", rules.served(stage, other), reasons);
        }
    }

    private static void reads(
            String relation, StageDescriptor other, String how, List<NoteField> read, List<String> reasons) {
        if (!read.isEmpty()) {
            reasons.add(relation + " " + other.name() + " (" + how + (read.size() == 1 ? " field " : " fields ")
                    + read.stream().map(NoteField::name).collect(Collectors.joining(", ")) + ")");
        }
    }

    private void said(String relation, List<String> names, List<String> reasons) {
        List<String> there = order.stream().map(StageDescriptor::name).filter(names::contains).toList();
        if (!there.isEmpty()) {
            reasons.add(relation + " " + String.join(", ", there)
                    + " (it says " + relation + "=" + String.join(",", names) + ")");
        }
    }

    private static String saidBy(String relation, StageDescriptor other, String attribute, List<String> names) {
        return relation + " " + other.name()
                + " (" + other.name() + " says " + attribute + "=" + String.join(",", names) + ")";
    }

    private void ties(int at, List<String> reasons) {
        tie("behind", IntStream.range(free.get(order.get(at).name()), at), reasons);
        tie("ahead of", IntStream.range(at + 1, order.size())
                .filter(later -> free.get(order.get(later).name()) <= at), reasons);
    }

    private void tie(String relation, IntStream others, List<String> reasons) {
        String names = others.mapToObj(order::get).map(StageDescriptor::name).collect(Collectors.joining(", "));
        if (!names.isEmpty()) {
            reasons.add(relation + " " + names + " by name");
        }
    }
}
