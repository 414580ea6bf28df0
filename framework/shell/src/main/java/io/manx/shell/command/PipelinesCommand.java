package io.manx.shell.command;

import io.manx.core.view.PipelineView;
import io.manx.shell.Console;
import io.manx.shell.format.Json;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code pipelines}: what stands at each attach point, with live counters. */
@Command(
        name = "pipelines",
        description = {
            "Shows the pipeline of each interface, with the packets each stage has seen.",
            "FIRST and ESTABLISHED are the two lanes; a stage without a number has no place in the lane."
        },
        mixinStandardHelpOptions = true)
final class PipelinesCommand implements Callable<Integer> {
    private final Console console;

    @Mixin
    private Output output;

    @Option(names = "--interface", paramLabel = "IF", description = "Only of this interface.")
    private String interfaceName;

    PipelinesCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        List<PipelineView> pipelines = console.services().dataPlane().pipelines().stream()
                .filter(pipeline -> interfaceName == null || pipeline.interfaceName().equals(interfaceName))
                .toList();
        if (output.json) {
            Json.writeAll(console.out(), pipelines.iterator());
        } else if (pipelines.isEmpty()) {
            console.out().println("no pipelines: no interface has an endpoint");
        } else {
            pipelines.forEach(pipeline -> PipelineText.print(console.out(), pipeline));
        }
        return 0;
    }
}
