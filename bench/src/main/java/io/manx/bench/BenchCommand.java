package io.manx.bench;

import io.manx.bench.page.Page;
import io.manx.bench.result.Results;
import io.manx.bench.run.Effort;
import io.manx.bench.run.Run;
import io.manx.bench.run.Suite;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Measures, and writes what it found. */
@Command(
        name = "manx bench",
        description = "Measures what Manx costs on this machine, side by side with iptables, nftables and the bare kernel.",
        footer = {"", "Exit status: 0 done, 1 it could not be measured, 2 wrong usage."},
        subcommands = {CompareCommand.class, PageCommand.class, ReadmeCommand.class, CountsCommand.class})
final class BenchCommand implements Callable<Integer> {
    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Shows this help.")
    private boolean help;

    @Spec
    private CommandSpec spec;

    @Option(names = "--quick", description = "In under 3 minutes, with fewer rounds. Else it takes up to 30.")
    private boolean quick;

    @Option(names = "--tiny", hidden = true, description = "Only shows that everything runs.")
    private boolean tiny;

    @Option(names = "--only", split = ",", paramLabel = "SUITE",
            description = "Of programs, paths, growth, changes; all unless given.")
    private List<String> only = List.of();

    @Option(names = "--out", paramLabel = "DIR", description = "Where the results go; results unless given.")
    private Path out = Path.of("results");

    @Option(names = "--seed", paramLabel = "N", description = "Of the order of variants.", hidden = true)
    private long seed = System.nanoTime();

    @Override
    public Integer call() throws Exception {
        Set<Suite> suites = suites();
        Files.createDirectories(out);
        Effort effort = tiny ? Effort.TINY : quick ? Effort.QUICK : Effort.FULL;
        Results results = new Run(effort, seed, System.out).of(suites);
        String name = "bench-" + LocalDateTime.now().format(DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss"));
        Path json = out.resolve(name + ".json");
        results.write(json);
        Page page = new Page(results);
        page.write(out.resolve(name + ".html"), out.resolve(name));
        print(results);
        System.out.println();
        System.out.println(json);
        System.out.println(out.resolve(name + ".html") + "   the same with charts, which are also in " + out.resolve(name));
        return 0;
    }

    private Set<Suite> suites() {
        Set<Suite> suites = new LinkedHashSet<>();
        for (Suite suite : Suite.values()) {
            if (only.isEmpty() || only.contains(suite.text())) {
                suites.add(suite);
            }
        }
        List<String> known = Arrays.stream(Suite.values()).map(Suite::text).toList();
        List<String> unknown = only.stream().filter(name -> !known.contains(name)).toList();
        if (!unknown.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(), "there is no suite " + String.join(", ", unknown) + "; there are " + String.join(", ", known));
        }
        return suites;
    }

    private static void print(Results results) {
        System.out.println();
        System.out.println("ratios within this run: median, and the quartiles over the rounds");
        results.bars().forEach(bar -> System.out.printf(Locale.ROOT, "  %-25s %6.2f (%.2f to %.2f), bar %s: %s [%s]%n",
                bar.verdict(), bar.reached(), bar.low(), bar.high(), bar.bar(), bar.what(), bar.sides()));
    }
}
