package io.manx.bench;

import picocli.CommandLine;

/** {@code manx bench}. Exit status 0 done, 1 it could not be measured, 2 wrong usage. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        CommandLine line = new CommandLine(new BenchCommand());
        line.setExecutionExceptionHandler((failure, command, parsed) -> {
            System.err.println("manx bench: " + (failure.getMessage() == null ? failure : failure.getMessage()));
            if (Boolean.getBoolean("manx.bench.trace")) {
                failure.printStackTrace();
            }
            return CommandLine.ExitCode.SOFTWARE;
        });
        int status = line.execute(arguments);
        System.out.flush();
        System.exit(status);
    }
}
