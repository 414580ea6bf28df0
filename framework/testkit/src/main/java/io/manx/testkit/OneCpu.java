package io.manx.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Keeps this thread, and so the programs it runs by PROG_TEST_RUN, on one CPU until closed.
 */
public final class OneCpu implements AutoCloseable {
    private static final String THREAD = "/proc/thread-self";
    private static final String ALLOWED = "Cpus_allowed_list:";

    private final String thread;
    private final String before;

    /** On the first of the CPUs that it may run on. */
    public OneCpu() {
        this(Integer.parseInt(allowed().split("[,-]")[0]));
    }

    public OneCpu(int cpu) {
        thread = name(THREAD);
        before = allowed();
        set(Integer.toString(cpu));
    }

    private static String name(String link) {
        try {
            return Files.readSymbolicLink(Path.of(link)).getFileName().toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String allowed() {
        try (var lines = Files.lines(Path.of(THREAD, "status"))) {
            return lines.filter(line -> line.startsWith(ALLOWED)).findFirst().orElseThrow().substring(ALLOWED.length()).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** taskset is of util-linux, which every Debian has. */
    private void set(String cpus) {
        try {
            Process process =
                    new ProcessBuilder("taskset", "-pc", cpus, thread).redirectErrorStream(true).start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException("taskset could not keep thread " + thread + " on CPU " + cpus + ": " + said);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while taskset ran", e);
        }
    }

    @Override
    public void close() {
        set(before);
    }
}
