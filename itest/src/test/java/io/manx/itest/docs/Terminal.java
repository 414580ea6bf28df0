package io.manx.itest.docs;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** One shell in which commands run one after the other, as in a terminal. Ends all that it started when it is closed. */
final class Terminal implements AutoCloseable {
    private static final String MARK = "@@status ";

    private final Process shell;
    private final Writer input;
    private final List<String> lines = new ArrayList<>();
    private int status = -1;

    Terminal(Path folder) throws IOException {
        shell = new ProcessBuilder("bash").directory(folder.toFile()).redirectErrorStream(true).start();
        input = shell.outputWriter(StandardCharsets.UTF_8);
        Thread reader = new Thread(this::read, "terminal");
        reader.setDaemon(true);
        reader.start();
    }

    private void read() {
        try (BufferedReader output = shell.inputReader(StandardCharsets.UTF_8)) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                add(line);
            }
        } catch (IOException e) {
            add("(reading the terminal: " + e.getMessage() + ")");
        }
    }

    /** A program in the background may be in the middle of a line when the mark comes. */
    private synchronized void add(String line) {
        int mark = line.indexOf(MARK);
        if (mark >= 0) {
            status = Integer.parseInt(line.substring(mark + MARK.length()).strip());
        }
        String text = mark >= 0 ? line.substring(0, mark) : line;
        if (mark < 0 || !text.isEmpty()) {
            lines.add(text);
        }
    }

    /** Runs a command to its end, or starts it where it ends with {@code &}. @return its status */
    int run(String command, Duration atMost) throws IOException {
        synchronized (this) {
            lines.clear();
            status = -1;
        }
        String end = command.contains("\n") ? "\n" : command.endsWith("&") ? " " : "; ";
        input.write("{ " + command + end + "} < /dev/null; echo '" + MARK + "'$?\n");
        input.flush();
        if (!await(() -> ended() >= 0, atMost)) {
            throw new AssertionError("'" + command + "' did not end within " + atMost.toSeconds() + " s:\n" + output());
        }
        return ended();
    }

    private synchronized int ended() {
        return status;
    }

    /** Since the last command began. */
    synchronized List<String> output() {
        return List.copyOf(lines);
    }

    static boolean await(BooleanSupplier condition, Duration atMost) {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
        return true;
    }

    @Override
    public void close() throws IOException {
        List<ProcessHandle> started = shell.descendants().toList();
        started.forEach(ProcessHandle::destroy);
        for (ProcessHandle process : started) {
            if (!await(() -> !process.isAlive(), Duration.ofSeconds(10))) {
                process.destroyForcibly();
            }
        }
        shell.destroyForcibly();
        input.close();
    }
}
