package io.manx.shell.command;

import io.manx.shell.Console;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code stages}: who is there, and why some do not run. */
@Command(
        name = "stages",
        description = "Shows every installed stage: whether it runs, and if not, why.",
        mixinStandardHelpOptions = true)
final class StagesCommand implements Callable<Integer> {
    private final Console console;

    @Mixin
    private Output output;

    @Option(names = "--log", paramLabel = "STAGE", description = "The verifier's whole log of a stage it refused.")
    private String log;

    StagesCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        if (log != null) {
            String text = console.services().dataPlane().refusalLog(log);
            output.value(Map.of("stage", log, "log", text), text);
        } else {
            output.rows(console.services().dataPlane().stages().stream());
        }
        return 0;
    }
}
