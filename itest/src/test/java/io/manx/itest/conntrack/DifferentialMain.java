package io.manx.itest.conntrack;

import java.util.EnumMap;
import java.util.Map;
import java.util.Random;

/**
 * A program: sends each step of many scenarios through two gateways, Manx between the interfaces mc and ms, the kernel's
 * connection tracking between kc and ks, and compares what comes out. It ends with 1 where a difference has no explanation.
 * Arguments: MODE WIRE SEED FIRST COUNT.
 */
final class DifferentialMain {
    private DifferentialMain() {}

    public static void main(String[] arguments) {
        Mode mode = Mode.valueOf(arguments[0]);
        Wire wire = Wire.valueOf(arguments[1]);
        long seed = Long.parseLong(arguments[2]);
        int first = Integer.parseInt(arguments[3]);
        int count = Integer.parseInt(arguments[4]);
        Map<Tags, Integer> tagged = new EnumMap<>(Tags.class);
        try (Gateway manx = new Gateway("Manx", "mc", "ms");
                Gateway kernel = new Gateway("the kernel", "kc", "ks")) {
            Comparison comparison = new Comparison(mode, manx, kernel);
            /* The markers' flow: the client asks first. */
            comparison.mark(wire.tags(new Random(0)));
            for (int number = first; number < first + count; number++) {
                Scenario scenario = Scenarios.of(seed, number, wire);
                tagged.merge(scenario.tags(), 1, Integer::sum);
                compare(comparison, scenario);
            }
            System.out.println("scenarios by their tags: " + tagged);
            comparison.report(wire + ", seed " + seed + ": " + count + " scenarios");
            System.exit(comparison.isExplained() ? 0 : 1);
        }
    }

    private static void compare(Comparison comparison, Scenario scenario) {
        for (int at = 0; at < scenario.steps().size() && comparison.compare(scenario, at); at++) {
            /* The next. */
        }
    }
}
