package io.manx.shell.command;

import io.manx.shell.Console;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code drops}: where packets ended, and why. */
@Command(name = "drops", description = "Shows dropped packets by interface, stage and reason.", mixinStandardHelpOptions = true)
final class DropsCommand implements Callable<Integer> {
    private final Console console;

    @Mixin
    private Output output;

    DropsCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        output.rows(console.services().dataPlane().drops().stream());
        return 0;
    }
}
