package io.manx.shell;

import io.manx.api.report.Report;
import io.manx.shell.command.ManxCommand;
import io.manx.shell.command.ReportCommand;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IFactory;

/** Makes picocli's model of all commands, bound to one console. Exit status: 0 done, 1 refused, 2 wrong usage. */
public final class CommandLines {
    private CommandLines() {}

    public static CommandLine of(Console console) {
        CommandLine line = new CommandLine(new ManxCommand(), new ConsoleFactory(console));
        for (Report report : console.services().reports()) {
            line.addSubcommand(report.name(), ReportCommand.of(report, console));
        }
        line.setOut(new PrintWriter(console.out(), true, StandardCharsets.UTF_8));
        line.setErr(new PrintWriter(console.err(), true, StandardCharsets.UTF_8));
        line.setExecutionExceptionHandler((failure, command, parsed) -> refused(failure, console));
        return line;
    }

    /** Of the commands that no bundle brings, read off their annotations: the model takes a tenth of a start to make. */
    public static List<String> names() {
        return Stream.of(ManxCommand.class.getAnnotation(Command.class).subcommands())
                .map(command -> command.getAnnotation(Command.class).name())
                .toList();
    }

    /** Runs one command, such as {@code pipelines --json}. @return the exit status */
    public static int run(List<String> arguments, Console console) {
        try {
            return of(console).execute(arguments.toArray(String[]::new));
        } finally {
            console.out().flush();
            console.err().flush();
        }
    }

    private static int refused(Exception failure, Console console) throws Exception {
        if (failure instanceof UncheckedIOException gone) {
            throw gone;
        }
        String message = failure.getMessage();
        console.err().println("manx: " + (message == null || message.isBlank() ? failure.toString() : message));
        return CommandLine.ExitCode.SOFTWARE;
    }

    /** Commands are made with the console they print to. */
    private record ConsoleFactory(Console console) implements IFactory {
        @Override
        public <K> K create(Class<K> type) throws Exception {
            try {
                Constructor<K> constructor = type.getDeclaredConstructor(Console.class);
                constructor.setAccessible(true);
                return constructor.newInstance(console);
            } catch (NoSuchMethodException e) {
                return CommandLine.defaultFactory().create(type);
            } catch (InvocationTargetException e) {
                throw new IllegalStateException("making the command " + type.getName(), e.getCause());
            }
        }
    }
}
