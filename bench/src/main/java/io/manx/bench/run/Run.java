package io.manx.bench.run;

import io.manx.bench.result.Bars;
import io.manx.bench.result.Results;
import java.io.PrintStream;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** One run of the benchmark, from the machine's facts to the bars. */
public final class Run {
    private final Effort effort;
    private final long seed;
    private final Progress progress;

    public Run(Effort effort, long seed, PrintStream out) {
        this.effort = effort;
        this.seed = seed;
        this.progress = new Progress(out);
    }

    public Results of(Set<Suite> suites) throws Exception {
        Map<String, String> machine = Machine.facts();
        Map<String, String> how = new LinkedHashMap<>();
        how.put("date", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        how.put("effort", effort.name() + ": " + effort.rounds() + " rounds");
        how.put("suites", String.join(", ", suites.stream().map(Suite::text).toList()));
        how.put("seed", Long.toString(seed));
        Budget budget = new Budget(effort.seconds(), System::nanoTime);
        Bench bench = new Bench(effort, seed, progress, budget);
        double left = suites.stream().mapToDouble(suite -> suite.seconds(effort)).sum();
        progress.plan(left);
        long begin = System.nanoTime();
        for (Suite suite : suites) {
            budget.begin(suite.seconds(effort), left);
            progress.begin(suite.seconds(effort));
            suite.run(bench);
            progress.end();
            left -= suite.seconds(effort);
        }
        how.put("seconds", Long.toString((System.nanoTime() - begin) / 1_000_000_000));
        machine.put("load at the end", Machine.load());
        return new Results(Results.FORMAT, machine, how, Bars.judge(bench.series()), bench.notes(), bench.series());
    }
}
