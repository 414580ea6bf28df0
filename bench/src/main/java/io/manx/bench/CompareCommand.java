package io.manx.bench;

import io.manx.bench.result.Comparison;
import io.manx.bench.result.Comparison.Change;
import io.manx.bench.result.Results;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Holds two runs against each other. */
@Command(
        name = "compare",
        description = {
            "Says what changed from one run to another beyond the noise.",
            "Where a case has a yardstick (the monolith, plain forwarding), ratios to it are compared, round by round."
        })
final class CompareCommand implements Callable<Integer> {
    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Shows this help.")
    private boolean help;

    @Parameters(index = "0", paramLabel = "A.json", description = "The run before.")
    private Path before;

    @Parameters(index = "1", paramLabel = "B.json", description = "The run after.")
    private Path after;

    @Override
    public Integer call() throws Exception {
        Results first = Results.read(before);
        Results second = Results.read(after);
        for (String fact : List.of("processor", "cores", "kernel")) {
            if (!String.valueOf(first.machine().get(fact)).equals(second.machine().get(fact))) {
                System.out.println("not the same " + fact + ": " + first.machine().get(fact) + " and " + second.machine().get(fact));
            }
        }
        Comparison comparison = Comparison.of(first, second);
        comparison.changes().stream().filter(Change::beyondNoise).forEach(CompareCommand::print);
        long within = comparison.changes().stream().filter(change -> !change.beyondNoise()).count();
        System.out.printf("%d changed beyond the noise, %d did not, %d are in one of the two alone%n",
                comparison.changes().size() - within, within, comparison.onlyInOne().size());
        return 0;
    }

    private static void print(Change change) {
        System.out.printf(Locale.ROOT, "%-6s %+6.1f %%  %s: %.3f -> %.3f %s, p %.4f%n", change.better() ? "better" : "WORSE",
                100 * change.relative(), change.key(), change.before(), change.after(), change.unit(), change.chance());
    }
}
