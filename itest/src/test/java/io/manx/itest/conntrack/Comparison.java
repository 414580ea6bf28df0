package io.manx.itest.conntrack;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Sends steps of scenarios through two gateways and compares what comes out. */
final class Comparison {
    /** Of differences that are alike: the first is shown with its steps, the others are counted. */
    private final Map<String, List<Difference>> unexplained = new LinkedHashMap<>();

    private final Map<Explanation, Integer> explained = new EnumMap<>(Explanation.class);
    /** Steps that both let by: what neither ever does is not compared. */
    private final Map<Event, Integer> letBy = new EnumMap<>(Event.class);

    private final Mode mode;
    private final Gateway manx;
    private final Gateway kernel;
    private long compared;
    private long notCompared;

    Comparison(Mode mode, Gateway manx, Gateway kernel) {
        this.mode = mode;
        this.manx = manx;
        this.kernel = kernel;
    }

    /** Nothing but a marker of the flow that the markers are of. */
    void mark(Tags tags) {
        for (Gateway gateway : List.of(manx, kernel)) {
            gateway.through(new Step(Side.CLIENT, Event.UDP_REQUEST, "a marker alone", List.of()), tags);
        }
    }

    /** @return whether the scenario's next steps are worth comparing */
    boolean compare(Scenario scenario, int at) {
        Step step = scenario.steps().get(at);
        Delivered ours = Delivered.of(manx.through(step, scenario.tags()));
        Delivered theirs = Delivered.of(kernel.through(step, scenario.tags()));
        compared++;
        if (ours.equals(theirs) && !ours.whole().isEmpty()) {
            letBy.merge(step.event(), 1, Integer::sum);
        }
        if (ours.equals(theirs) || explain(new Difference(mode, scenario, at, ours, theirs))) {
            return true;
        }
        notCompared += scenario.steps().size() - at - 1;
        return false;
    }

    /** Notes it. @return whether it is meant: what follows is compared all the same, since neither state has moved by it */
    private boolean explain(Difference difference) {
        Optional<Explanation> explanation = Explanation.of(difference);
        if (explanation.isPresent()) {
            explained.merge(explanation.get(), 1, Integer::sum);
            return true;
        }
        String like = difference.kind() + " " + like(difference.step());
        unexplained.computeIfAbsent(like, key -> new ArrayList<>()).add(difference);
        return false;
    }

    /** Without what differs from packet to packet. */
    private static String like(Step step) {
        String text = step.text().replaceAll("(seq|ack|window|identifier|ports|type|code|to|from) \\S+|\\d+ (bytes|fragments|ms)|\\S+>\\S+|scale \\d+", "");
        return step.from() + " " + step.event() + ": " + text.replaceAll(" +", " ").strip();
    }

    boolean isExplained() {
        return unexplained.isEmpty();
    }

    /** @param scenarios what was compared: which mode, and which scenarios */
    void report(String scenarios) {
        unexplained.forEach((like, all) -> System.out.println("unexplained: " + like + ", " + all.size() + " of it, the first: "
                + all.get(0)));
        explained.forEach((explanation, times) -> System.out.println("explained: " + explanation.row() + " " + times));
        System.out.println("let by by both: " + letBy);
        int left = unexplained.values().stream().mapToInt(List::size).sum();
        System.out.println(mode + ", " + scenarios + ", " + compared + " steps compared, " + notCompared
                + " after an unexplained difference not compared, " + left + " differences unexplained");
    }
}
