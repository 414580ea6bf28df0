package io.manx.bench.run;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Programs of the machine, run to their end. */
public final class Commands {
    private Commands() {}

    /** @return what it printed, on both its outputs. @throws IOException its status is not 0, with what it printed */
    public static String run(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        int status = await(process);
        if (status != 0) {
            throw new IOException("'" + String.join(" ", command) + "' ended with status " + status + ": " + output);
        }
        return output;
    }

    public static String run(String... command) throws IOException {
        return run(List.of(command));
    }

    /** Gives it text on its standard input: {@code feed(rules, "nft", "-f", "-")}. */
    public static String feed(String input, String... command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().write(input.getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        int status = await(process);
        if (status != 0) {
            throw new IOException("'" + String.join(" ", command) + "' ended with status " + status + ": " + output);
        }
        return output;
    }

    static int await(Process process) throws IOException {
        try {
            return process.waitFor();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while a program ran", e);
        }
    }
}
