package io.manx.itest.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** What {@code manx swaps} says of many changes, taken together. */
final class SwapFigures {
    private final Set<JsonNode> earlier = new HashSet<>();
    private final Set<JsonNode> swaps = new LinkedHashSet<>();

    /** @param record what has happened so far, and does not count */
    SwapFigures(JsonNode record) {
        record.forEach(earlier::add);
    }

    /** Manx keeps the last thousand: to be called more often than that. */
    void add(JsonNode record) {
        record.forEach(swap -> {
            if (!earlier.contains(swap)) {
                swaps.add(swap);
            }
        });
    }

    int size() {
        return swaps.size();
    }

    /** One line for each kind of change; fails if one was refused, or lost a packet for want of a program. */
    void print() {
        Map<String, List<JsonNode>> kinds = new LinkedHashMap<>();
        for (JsonNode swap : swaps) {
            assertThat(swap.get("outcome").asText()).as(swap.toString()).isEqualTo("done");
            assertThat(swap.get("lost").asLong()).as(swap.toString()).isZero();
            kinds.computeIfAbsent(swap.get("what").asText(), kind -> new ArrayList<>()).add(swap);
        }
        System.out.printf(
                "load: %-44s %5s  %-24s %-25s %9s %5s%n",
                "", "times", "switch us, median (max)", "prepare ms, median (max)", "packets", "lost");
        kinds.forEach(SwapFigures::line);
        line("all", List.copyOf(swaps));
    }

    private static void line(String kind, List<JsonNode> swaps) {
        System.out.printf(
                Locale.ROOT, "load: %-44s %5d  %-24s %-25s %,9d %5d%n", kind, swaps.size(),
                spread(swaps, "switchMicros"), spread(swaps, "prepareMillis"), sum(swaps, "packets"), sum(swaps, "lost"));
    }

    private static long sum(List<JsonNode> swaps, String figure) {
        return swaps.stream().mapToLong(swap -> swap.get(figure).asLong()).sum();
    }

    private static String spread(List<JsonNode> swaps, String figure) {
        List<Double> sorted = new ArrayList<>();
        swaps.forEach(swap -> sorted.add(swap.get(figure).asDouble()));
        sorted.sort(null);
        return String.format(
                Locale.ROOT, "%.1f (%.1f)", sorted.get(sorted.size() / 2), sorted.get(sorted.size() - 1));
    }
}
