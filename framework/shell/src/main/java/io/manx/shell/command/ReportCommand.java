package io.manx.shell.command;

import io.manx.api.report.Report;
import io.manx.api.report.Report.Filter;
import io.manx.shell.Console;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The command of a bundle's {@link Report}: one option for each of its filters. */
public final class ReportCommand implements Callable<Integer> {
    private final Report report;
    private final Console console;
    private final Output output;
    private final Map<String, String> given = new HashMap<>();

    private ReportCommand(Report report, Console console) {
        this.report = report;
        this.console = console;
        this.output = new Output(console);
    }

    public static CommandLine of(Report report, Console console) {
        ReportCommand command = new ReportCommand(report, console);
        CommandSpec spec = CommandSpec.wrapWithoutInspection(command)
                .name(report.name())
                .mixinStandardHelpOptions(true)
                .addMixin("output", CommandSpec.forAnnotatedObject(command.output));
        spec.usageMessage().description(report.description());
        report.filters().forEach(filter -> spec.addOption(command.option(filter)));
        return new CommandLine(spec);
    }

    private OptionSpec option(Filter filter) {
        boolean flag = filter.value().isEmpty();
        return OptionSpec.builder("--" + filter.name())
                .arity(flag ? "0" : "1")
                .paramLabel(flag ? "" : filter.value())
                .description(filter.description())
                .type(flag ? Boolean.class : String.class)
                .setter(new CommandLine.Model.ISetter() {
                    @Override
                    @SuppressWarnings("unchecked")
                    public <T> T set(T value) {
                        return (T) (value == null || Boolean.FALSE.equals(value)
                                ? given.remove(filter.name())
                                : given.put(filter.name(), value.toString()));
                    }
                })
                .build();
    }

    @Override
    public Integer call() {
        try (Stream<? extends Record> rows = report.rows(given)) {
            if (report.isLive(given)) {
                output.live(rows);
            } else {
                output.rows(rows);
            }
        }
        return 0;
    }
}
