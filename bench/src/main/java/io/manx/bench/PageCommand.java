package io.manx.bench;

import io.manx.bench.page.Page;
import io.manx.bench.result.Results;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Draws what an earlier run has found. */
@Command(name = "page", description = "Writes the page and the charts of a run again, beside its results.")
final class PageCommand implements Callable<Integer> {
    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Shows this help.")
    private boolean help;

    @Parameters(index = "0", paramLabel = "RESULTS.json", description = "What a run has written.")
    private Path file;

    @Override
    public Integer call() throws Exception {
        String name = file.getFileName().toString().replaceAll("\\.json$", "");
        new Page(Results.read(file)).write(file.resolveSibling(name + ".html"), file.resolveSibling(name));
        System.out.println(file.resolveSibling(name + ".html"));
        return 0;
    }
}
