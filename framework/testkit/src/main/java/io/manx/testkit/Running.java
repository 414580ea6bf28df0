package io.manx.testkit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** A program that a test has started. What it prints, on both its outputs, is kept. */
public final class Running implements AutoCloseable {
    private static final int GRACE_SECONDS = 5;

    private final String command;
    private final Process process;
    private final List<String> lines = new ArrayList<>();
    private final Thread reader;

    Running(List<String> command) {
        this.command = String.join(" ", command);
        try {
            process = new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException e) {
            throw new AssertionError("'" + this.command + "' can't be started: " + e.getMessage(), e);
        }
        reader = new Thread(this::read, "output of " + command.get(0));
        reader.setDaemon(true);
        reader.start();
    }

    private void read() {
        try (BufferedReader in =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                add(line);
            }
        } catch (IOException e) {
            /* The stream of a process that is killed is closed under its reader. */
            add("(" + e.getMessage() + ")");
        }
    }

    private synchronized void add(String line) {
        lines.add(line);
    }

    public long pid() {
        return process.pid();
    }

    public boolean alive() {
        return process.isAlive();
    }

    /** What it has printed so far. */
    public synchronized String output() {
        return String.join("\n", lines);
    }

    /**
     * Returns once a line of its output holds the pattern.
     *
     * @throws AssertionError it ended before, or did not print it in that time; with what it printed instead
     */
    public void awaitLine(String regex, Duration atMost) {
        Pattern pattern = Pattern.compile(regex);
        long end = System.nanoTime() + atMost.toNanos();
        while (!printed(pattern)) {
            if (!alive() && !reader.isAlive() && !printed(pattern)) {
                throw new AssertionError("'" + command + "' ended with status " + process.exitValue() + " before it printed '"
                        + regex + "':\n" + output());
            }
            if (System.nanoTime() > end) {
                throw new AssertionError("'" + command + "' did not print '" + regex + "' within " + atMost.toMillis()
                        + " ms, but:\n" + output());
            }
            Await.pause();
        }
    }

    private synchronized boolean printed(Pattern pattern) {
        return lines.stream().anyMatch(line -> pattern.matcher(line).find());
    }

    /** Waits for its end. @return its exit status. @throws AssertionError it did not end in that time, and is killed */
    public int awaitEnd(Duration atMost) {
        try {
            if (!process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
                close();
                throw new AssertionError(
                        "'" + command + "' did not end within " + atMost.toMillis() + " ms; it printed:\n" + output());
            }
            reader.join(atMost.toMillis());
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while '" + command + "' ran", e);
        }
    }

    /** Sends it a signal by name: {@code signal("INT")}. */
    public void signal(String name) {
        Command.run(List.of("kill", "-" + name, Long.toString(pid())));
    }

    /** Writes a line to its standard input. */
    public void input(String line) {
        try {
            process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().flush();
        } catch (IOException e) {
            throw new AssertionError("writing to '" + command + "', which printed " + output() + ": " + e.getMessage(), e);
        }
    }

    /** Ends its standard input. */
    public void endInput() {
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            throw new AssertionError("ending the input of '" + command + "': " + e.getMessage(), e);
        }
    }

    /** Asks it to end, and kills it when it does not, with all that it has started. */
    @Override
    public void close() {
        List<ProcessHandle> children = process.descendants().toList();
        process.destroy();
        try {
            if (!process.waitFor(GRACE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        children.forEach(ProcessHandle::destroyForcibly);
    }
}
