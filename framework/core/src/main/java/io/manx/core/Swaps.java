package io.manx.core;

import io.manx.core.Pipeline.Loaded;
import io.manx.core.view.SwapView;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The record of the pipelines' changes, done or refused: the last of them. */
final class Swaps {
    static final int KEPT = 1000;
    private final Deque<SwapView> swaps = new ArrayDeque<>();

    /** Stages whose version, place or presence differs; the version of a single one goes without its name. */
    private record Difference(String what, String from, String to) {}

    List<SwapView> all() {
        return List.copyOf(swaps);
    }

    void done(Hook hook, String why, Composer.Done done) {
        Difference difference = difference(done);
        add(new SwapView(
                now(), hook.text(), difference.what(), why, difference.from(), difference.to(), done.generation(),
                done.prepareMillis(), done.switchMicros(), done.packets(), done.lost(), "done"));
    }

    /** @param running the version that packets go through meanwhile; empty where there is none */
    void refused(StageDescriptor stage, String why, String running, String reason) {
        add(new SwapView(
                now(), stage.hook().text(), stage.name() + (running.isEmpty() ? " in" : " replaced"), why, running,
                stage.version().toString(), 0, 0, 0, 0, 0, "refused: " + reason));
    }

    private void add(SwapView swap) {
        if (swaps.size() == KEPT) {
            swaps.removeFirst();
        }
        swaps.addLast(swap);
    }

    private static String now() {
        return Instant.now().truncatedTo(ChronoUnit.MILLIS).toString();
    }

    /** Of interfaces that have a pipeline of their own it is said apart, unless they change as all others do. */
    private static Difference difference(Composer.Done done) {
        Composition before = done.before();
        if (before == null) {
            return difference(null, done.next().others());
        }
        Map<Difference, List<String>> differences = new LinkedHashMap<>();
        if (before.others() != done.next().others()) {
            differences.put(difference(before.others(), done.next().others()), List.of());
        }
        for (String name : Composition.named(before, done.next())) {
            if (before.of(name) != done.next().of(name)) {
                Difference own = difference(before.of(name), done.next().of(name));
                List<String> alike = differences.computeIfAbsent(own, d -> new ArrayList<>(List.of(name)));
                if (!alike.isEmpty() && !alike.contains(name)) {
                    alike.add(name);
                }
            }
        }
        return together(differences);
    }

    private static Difference together(Map<Difference, List<String>> differences) {
        return new Difference(
                joined(differences, Difference::what),
                joined(differences, Difference::from),
                joined(differences, Difference::to));
    }

    private static String joined(Map<Difference, List<String>> differences, Function<Difference, String> text) {
        return differences.entrySet().stream()
                .filter(entry -> !text.apply(entry.getKey()).isEmpty())
                .map(entry -> (entry.getValue().isEmpty() ? "" : String.join(" ", entry.getValue()) + ": ")
                        + text.apply(entry.getKey()))
                .collect(Collectors.joining("; "));
    }

    private static Difference difference(Pipeline was, Pipeline is) {
        Map<String, Loaded> before = was == null ? Map.of() : was.stages();
        Map<String, Loaded> after = is.stages();
        List<String> what = new ArrayList<>();
        List<Loaded> from = new ArrayList<>();
        List<Loaded> to = new ArrayList<>();
        Set<String> names = new TreeSet<>(before.keySet());
        names.addAll(after.keySet());
        for (String name : names) {
            Loaded old = before.get(name);
            Loaded next = after.get(name);
            if (old == null || next == null || old.instance() != next.instance()) {
                what.add(name + (old == null ? " in" : next == null ? " out" : " replaced"));
                Stream.ofNullable(old).forEach(from::add);
                Stream.ofNullable(next).forEach(to::add);
            } else if (wasIdle(was, name) != wasIdle(is, name)) {
                what.add(name + (wasIdle(is, name) ? " idle" : " busy"));
            }
        }
        return new Difference(what.isEmpty() ? "order" : String.join(", ", what), versions(from), versions(to));
    }

    private static boolean wasIdle(Pipeline pipeline, String name) {
        return pipeline.chain().stream().noneMatch(stage -> stage.name().equals(name));
    }

    private static String versions(List<Loaded> stages) {
        return stages.stream()
                .map(stage -> (stages.size() == 1 ? "" : stage.name() + " ")
                        + stage.instance().descriptor().version())
                .collect(Collectors.joining(", "));
    }
}
