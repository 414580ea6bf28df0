package io.manx.shell.command;

import io.manx.shell.Console;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code swaps}: what changed in the pipelines, and what it cost. */
@Command(
        name = "swaps",
        description = "Shows the last 1,000 changes of the pipelines: when, what, why, how long, what was lost.",
        mixinStandardHelpOptions = true)
final class SwapsCommand implements Callable<Integer> {
    private final Console console;

    @Mixin
    private Output output;

    SwapsCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        output.rows(console.services().dataPlane().swaps().stream());
        return 0;
    }
}
