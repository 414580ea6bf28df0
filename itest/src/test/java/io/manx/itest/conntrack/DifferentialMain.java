package io.manx.itest.conntrack;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A program: sends each step of many scenarios through two gateways, Manx between the interfaces mc and ms, the kernel's
 * connection tracking between kc and ks, and compares what comes out. It ends with 1 where a difference has no explanation.
 * Arguments: MODE SEED FIRST COUNT.
 */
final class DifferentialMain {
    /** Of differences that are alike: the first is shown with its steps, the others are counted. */
    private final Map<String, List<Difference>> unexplained = new LinkedHashMap<>();

    private final Map<Explanation, Integer> explained = new EnumMap<>(Explanation.class);
    /** Steps that both let by: what neither ever does is not compared. */
    private final Map<Event, Integer> letBy = new EnumMap<>(Event.class);

    private final Mode mode;
    private long compared;
    private long notCompared;

    private DifferentialMain(Mode mode) {
        this.mode = mode;
    }

    public static void main(String[] arguments) {
        DifferentialMain main = new DifferentialMain(Mode.valueOf(arguments[0]));
        long seed = Long.parseLong(arguments[1]);
        int first = Integer.parseInt(arguments[2]);
        int count = Integer.parseInt(arguments[3]);
        try (Gateway manx = new Gateway("Manx", "mc", "ms");
                Gateway kernel = new Gateway("the kernel", "kc", "ks")) {
            main.openMarkers(manx, kernel);
            for (int number = first; number < first + count; number++) {
                main.compare(Scenarios.of(seed, number), manx, kernel);
            }
        }
        main.report(count, seed);
        System.exit(main.unexplained.isEmpty() ? 0 : 1);
    }

    /** The markers' flow: the client asks first. */
    private void openMarkers(Gateway... gateways) {
        for (Gateway gateway : gateways) {
            gateway.through(new Step(Side.CLIENT, Event.UDP_REQUEST, "the first marker", List.of()));
        }
    }

    private void compare(Scenario scenario, Gateway manx, Gateway kernel) {
        List<Step> steps = scenario.steps();
        for (int at = 0; at < steps.size(); at++) {
            Delivered ours = Delivered.of(manx.through(steps.get(at)));
            Delivered theirs = Delivered.of(kernel.through(steps.get(at)));
            compared++;
            if (ours.equals(theirs) && !ours.whole().isEmpty()) {
                letBy.merge(steps.get(at).event(), 1, Integer::sum);
            }
            if (!ours.equals(theirs) && !explain(new Difference(mode, scenario, at, ours, theirs))) {
                notCompared += steps.size() - at - 1;
                return;
            }
        }
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
        String text = step.text().replaceAll("(seq|ack|window|identifier|ports|type|code|to|from) \\S+|\\d+ (bytes|fragments)|\\S+>\\S+|scale \\d+", "");
        return step.from() + " " + step.event() + ": " + text.replaceAll(" +", " ").strip();
    }

    private void report(int scenarios, long seed) {
        unexplained.forEach((like, all) -> System.out.println("unexplained: " + like + ", " + all.size() + " of it, the first: "
                + all.get(0)));
        explained.forEach((explanation, times) -> System.out.println("explained: " + explanation.row() + " " + times));
        System.out.println("let by by both: " + letBy);
        int left = unexplained.values().stream().mapToInt(List::size).sum();
        System.out.println(mode + ", seed " + seed + ": " + scenarios + " scenarios, " + compared + " steps compared, " + notCompared
                + " after an unexplained difference not compared, " + left + " differences unexplained");
    }
}
