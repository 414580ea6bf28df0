package io.manx.shell.command;

import io.manx.shell.Console;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code maps}: what the kernel keeps for Manx. */
@Command(name = "maps", description = "Shows the BPF maps of Manx in the kernel.", mixinStandardHelpOptions = true)
final class MapsCommand implements Callable<Integer> {
    private final Console console;

    @Mixin
    private Output output;

    MapsCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        output.rows(console.services().dataPlane().maps().stream());
        return 0;
    }
}
