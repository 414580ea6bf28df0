package io.manx.dist;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Runs programs of the system. */
final class Programs {
    private Programs() {}

    /** What it prints on both outputs, in one line; where it can't be started, why. */
    static String output(String... command) {
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            process.waitFor();
            return output.strip().replace('\n', ' ');
        } catch (IOException e) {
            return e.getMessage();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return command[0] + " was interrupted";
        }
    }
}
