package io.manx.bench;

import io.manx.bench.counts.Counts;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Counts what no machine changes. */
@Command(
        name = "counts",
        description = "Counts the programs' instructions, bytes, the verifier's work, tail calls and map operations, by program and lane.")
final class CountsCommand implements Callable<Integer> {
    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Shows this help.")
    private boolean help;

    @Option(names = "--write", paramLabel = "FILE", description = "Where to; bench/counts.json is the one that tests hold changes to.")
    private Path file;

    @Override
    public Integer call() throws Exception {
        Counts counts = Counts.take();
        System.out.println(counts.text());
        if (file != null) {
            counts.write(file);
        }
        return 0;
    }
}
