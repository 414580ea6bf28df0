package io.manx.shell.command;

import io.manx.core.view.Deployment;
import io.manx.core.view.Deployment.RefusedException;
import io.manx.core.view.Probation;
import io.manx.shell.Console;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
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

    @ArgGroup(exclusive = false)
    private ProbationOptions probation;

    @Parameters(paramLabel = "FILE", description = "The bundle's jar.")
    private Path file;

    UpdateCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws RefusedException {
        Path jar = console.directory().resolve(file).normalize();
        Deployment deployment = console.services().deployment();
        Optional<Probation> terms = ProbationOptions.of(probation);
        Changes.print(terms.isPresent() ? deployment.update(jar, terms.get()) : deployment.update(jar), output);
        return 0;
    }
}
