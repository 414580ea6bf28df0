package io.manx.shell.command;

import io.manx.core.view.Deployment.RefusedException;
import io.manx.shell.Console;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code install}: a bundle goes in. */
@Command(
        name = "install",
        description = "Installs a bundle and puts its stages into the pipelines.",
        mixinStandardHelpOptions = true)
final class InstallCommand implements Callable<Integer> {
    private final Console console;

    @Mixin
    private Output output;

    @Parameters(paramLabel = "FILE", description = "The bundle's jar.")
    private Path file;

    InstallCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws RefusedException {
        Path jar = console.directory().resolve(file).normalize();
        Changes.print(console.services().deployment().install(jar), output);
        return 0;
    }
}
