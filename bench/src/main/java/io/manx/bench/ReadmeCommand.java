package io.manx.bench;

import io.manx.bench.page.Readme;
import io.manx.bench.result.Results;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Puts what a run has found where users read it first. */
@Command(name = "readme", description = {
    "Writes the table of a full run's bars into README.md, between its lines <!-- bench --> and <!-- /bench -->, and its charts into docs/."
})
final class ReadmeCommand implements Callable<Integer> {
    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Shows this help.")
    private boolean help;

    @Parameters(index = "0", paramLabel = "RESULTS.json", description = "What a run has written.")
    private Path file;

    @Option(names = "--root", paramLabel = "DIR", description = "The folder with README.md and docs; Manx's own unless given.")
    private Path root = Path.of(System.getProperty("manx.root", "."));

    @Override
    public Integer call() throws Exception {
        new Readme(Results.read(file)).write(root).forEach(System.out::println);
        return 0;
    }
}
