package io.manx.shell.command;

import io.manx.core.view.PipelineView;
import io.manx.shell.Console;
import io.manx.shell.format.Json;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code pipelines}: what stands at each attach point, with live counters. */
@Command(
        name = "pipelines",
        description = {
            "Shows the pipeline of each interface, with the packets each stage has seen.",
            "FIRST, ESTABLISHED and TRANSLATED are the three lanes: of flows not yet decided, of known ones, and of known ones",
            "whose packets nat rewrites; a stage without a number has no place in the lane.",
            "With --why: what puts each stage in its place, in the pipeline of each Pipeline resource and in that of all others."
        },
        mixinStandardHelpOptions = true)
final class PipelinesCommand implements Callable<Integer> {
    private final Console console;

    @Mixin
    private Output output;

    @ArgGroup
    private Selection selection = new Selection();

    private static final class Selection {
        @Option(names = "--interface", paramLabel = "IF", description = "Only of this interface.")
        private String interfaceName;

        @Option(names = "--why", description = "Says why each stage stands where it does, or nowhere.")
        private boolean why;
    }

    PipelinesCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        if (selection.why) {
            PositionText.print(output, console.services().dataPlane().positions());
        } else {
            pipelines();
        }
        return 0;
    }

    private void pipelines() {
        List<PipelineView> pipelines = console.services().dataPlane().pipelines().stream()
                .filter(pipeline -> selection.interfaceName == null
                        || pipeline.interfaceName().equals(selection.interfaceName))
                .toList();
        if (output.json) {
            Json.writeAll(console.out(), pipelines.iterator());
        } else if (pipelines.isEmpty()) {
            console.out().println("no pipelines: no interface has an endpoint");
        } else {
            pipelines.forEach(pipeline -> PipelineText.print(console.out(), pipeline));
        }
    }
}
