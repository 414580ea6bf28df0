package io.manx.shell.command;

import io.manx.core.view.Deployment.RefusedException;
import io.manx.shell.Console;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code update}: a newer bundle takes the place of one. */
@Command(
        name = "update",
        description = "Replaces the installed bundle of the same name by a newer one, under traffic.",
        mixinStandardHelpOptions = true)
final class UpdateCommand implements Callable<Integer> {
    private final Console console;

    @Mixin
    private Output output;

    @Parameters(paramLabel = "FILE", description = "The bundle's jar.")
    private Path file;

    UpdateCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws RefusedException {
        Path jar = console.directory().resolve(file).normalize();
        Changes.print(console.services().deployment().update(jar), output);
        return 0;
    }
}
