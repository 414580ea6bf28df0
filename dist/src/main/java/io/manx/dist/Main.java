package io.manx.dist;

import java.util.Set;
import picocli.CommandLine;

/**
 * {@code bin/manx}: the commands that need no running Manx are carried out here, every other one is sent to the one that
 * runs. Exit status 0 done, 1 refused, 2 wrong usage.
 */
public final class Main {
    private static final Set<String> LOCAL = Set.of("run", "shell", "doctor", "clean", "new-stage", "dev", "next-version", "help");

    private Main() {}

    public static void main(String[] arguments) {
        int status = execute(arguments);
        System.out.flush();
        System.exit(status);
    }

    static int execute(String... arguments) {
        if (arguments.length > 0 && !arguments[0].startsWith("-") && !LOCAL.contains(arguments[0])) {
            return RemoteCommand.run(arguments);
        }
        CommandLine line = arguments.length > 0 && arguments[0].equals("run") ? Help.run() : Help.model();
        line.setExecutionExceptionHandler((failure, command, parsed) -> refused(failure));
        return line.execute(arguments);
    }

    private static int refused(Exception failure) throws Exception {
        if (failure instanceof Refusal) {
            System.err.println("manx: " + failure.getMessage());
            return CommandLine.ExitCode.SOFTWARE;
        }
        throw failure;
    }
}
