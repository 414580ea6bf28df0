package io.manx.testkit;

import java.time.Duration;
import java.util.List;

/**
 * What came of a program that has ended.
 *
 * @param status its exit status
 * @param output on both its outputs, without the last line's end
 */
public record Command(int status, String output) {
    /** No program that a test waits for runs longer than this. */
    public static final Duration LONGEST = Duration.ofMinutes(3);

    /** Runs a program to its end. @throws AssertionError it can't be started, or takes longer than {@link #LONGEST} */
    static Command attempt(List<String> command) {
        try (Running running = new Running(command)) {
            return new Command(running.awaitEnd(LONGEST), running.output());
        }
    }

    /** As {@link #attempt}. @return what it printed. @throws AssertionError its status is not 0 */
    static String run(List<String> command) {
        Command result = attempt(command);
        if (result.status() != 0) {
            throw new AssertionError(
                    "'" + String.join(" ", command) + "' ended with status " + result.status() + ":\n" + result.output());
        }
        return result.output();
    }
}
