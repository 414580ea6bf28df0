package io.manx.bench.changes;

import io.manx.bench.lab.Dataplane;
import io.manx.bench.lab.Lab;
import io.manx.bench.paths.Background;
import io.manx.bench.programs.ProgramsSuite;
import io.manx.bench.result.Series;
import io.manx.bench.result.Series.Better;
import io.manx.bench.run.Bench;
import io.manx.core.Engine;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** What changes cost: a stage replaced, a generation, a policy edited, a start; and the memory it all takes. */
public final class ChangesSuite {
    static final String SUITE = "changes";

    private final Bench bench;

    public ChangesSuite(Bench bench) {
        this.bench = bench;
    }

    public void run() throws Exception {
        swaps(false);
        swaps(true);
        if (System.getProperty("manx.root") == null) {
            bench.note("changes, starts and memory: left out, as this was not started by bin/manx");
            return;
        }
        try (Lab lab = new Lab()) {
            new WholeManx(bench, lab).run();
        }
    }

    /** @param busy while datagrams cross the gateway as fast as one core sends them */
    private void swaps(boolean busy) throws Exception {
        String under = busy ? " under traffic" : "";
        int rounds = bench.effort().isTiny() ? 1 : bench.effort().isFull() ? 15 : 3;
        Map<String, List<Double>> switched = new LinkedHashMap<>();
        Map<String, List<Double>> prepared = new LinkedHashMap<>();
        long lost = 0;
        try (Lab lab = new Lab();
                Dataplane manx = lab.manx(ProgramsSuite.resources());
                Background traffic = busy ? Background.between(lab) : Background.NONE) {
            bench.progress().say("changes: stages are replaced, " + traffic);
            List<String> stages = new ArrayList<>(new TreeSet<>(manx.stages().keySet()));
            for (int round = 1; bench.hasTimeFor(SUITE + ", swaps" + under, round - 1, rounds); round++) {
                for (String stage : bench.shuffled(stages)) {
                    lost += take(switched, prepared, stage, manx.replace("99.0." + round, stage));
                }
                lost += take(switched, prepared, "a generation: policy and routes at once", manx.replace("99.1." + round, "policy", "routes"));
            }
        }
        if (switched.isEmpty()) {
            return;
        }
        add("switching, by stage" + under, "us", switched);
        add("preparing, by stage" + under, "ms", prepared);
        if (lost > 0) {
            throw new IllegalStateException(lost + " packets were lost while stages were replaced");
        }
    }

    private static long take(
            Map<String, List<Double>> switched, Map<String, List<Double>> prepared, String what, Engine.Settled change) {
        switched.computeIfAbsent(what, w -> new ArrayList<>()).add(change.switchMicros());
        prepared.computeIfAbsent(what, w -> new ArrayList<>()).add(change.prepareMillis());
        return change.lost();
    }

    private void add(String what, String unit, Map<String, List<Double>> samples) {
        bench.add(samples.entrySet().stream()
                .map(each -> new Series(SUITE, what, each.getKey(), unit, Better.LESS, "", each.getValue()))
                .toList());
    }
}
