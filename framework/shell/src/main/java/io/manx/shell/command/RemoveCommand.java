package io.manx.shell.command;

import io.manx.core.view.Deployment.RefusedException;
import io.manx.shell.Console;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code remove}: a bundle goes out. */
@Command(
        name = "remove",
        description = "Takes a stage's bundle out of the pipelines, under traffic.",
        mixinStandardHelpOptions = true)
final class RemoveCommand implements Callable<Integer> {
    private final Console console;

    @Mixin
    private Output output;

    @Parameters(
            paramLabel = "NAME",
            description = "The stage's name, or the bundle's.",
            completionCandidates = StageNames.class)
    private String name;

    RemoveCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws RefusedException {
        Changes.print(console.services().deployment().remove(name), output);
        return 0;
    }
}
