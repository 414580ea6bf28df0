package io.manx.bench.changes;

import io.manx.bench.lab.Dataplane;
import io.manx.bench.lab.Lab;
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
    private final Map<String, List<Double>> switched = new LinkedHashMap<>();
    private final Map<String, List<Double>> prepared = new LinkedHashMap<>();

    public ChangesSuite(Bench bench) {
        this.bench = bench;
    }

    public void run() throws Exception {
        swaps();
        try (Lab lab = new Lab()) {
            new WholeManx(bench, lab).run();
        }
    }

    private void swaps() throws Exception {
        int rounds = bench.effort().isTiny() ? 2 : bench.effort().isFull() ? 21 : 5;
        long lost = 0;
        try (Lab lab = new Lab();
                Dataplane manx = lab.manx(ProgramsSuite.resources())) {
            List<String> stages = new ArrayList<>(new TreeSet<>(manx.stages().keySet()));
            for (int round = 1; round <= rounds; round++) {
                for (String stage : bench.shuffled(stages)) {
                    lost += take(stage, manx.replace("99.0." + round, stage));
                }
                lost += take("a generation: policy and routes at once", manx.replace("99.1." + round, "policy", "routes"));
            }
        }
        add("switching, by stage", "us", switched);
        add("preparing, by stage", "ms", prepared);
        if (lost > 0) {
            throw new IllegalStateException(lost + " packets were lost while stages were replaced");
        }
    }

    private long take(String what, Engine.Settled change) {
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
