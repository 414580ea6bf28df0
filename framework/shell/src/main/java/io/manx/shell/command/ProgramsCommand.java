package io.manx.shell.command;

import io.manx.shell.Console;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code programs}: what the kernel runs for Manx. */
@Command(name = "programs", description = "Shows the BPF programs of Manx in the kernel.", mixinStandardHelpOptions = true)
final class ProgramsCommand implements Callable<Integer> {
    private final Console console;

    @Mixin
    private Output output;

    ProgramsCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        output.rows(console.services().dataPlane().programs().stream());
        return 0;
    }
}
