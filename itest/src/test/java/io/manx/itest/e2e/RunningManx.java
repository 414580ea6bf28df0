package io.manx.itest.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.manx.itest.Await;
import io.manx.itest.Home;
import io.manx.testkit.Namespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** {@code bin/manx run} in a lab's gateway, as a user starts it. */
public final class RunningManx implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** Takes 2 s where the machine has nothing else to do. */
    private static final Duration STARTS = Duration.ofSeconds(60);

    /** What a command printed, and how it ended. */
    public record Answer(int status, String out, String err) {}

    private final Path folder;
    private final Path socket;
    private final Process process;

    /** Waits for {@code ready}. @throws AssertionError it ended before; the message holds what it said */
    static RunningManx start(Lab lab, String... options) throws IOException {
        return start(lab.folder, lab.gateway, options);
    }

    /** @param folder for its state, its socket and what it says; @param where it works */
    public static RunningManx start(Path folder, Namespace where, String... options) throws IOException {
        RunningManx manx = new RunningManx(folder, where, options);
        Await.until("manx run says ready", STARTS, () -> manx.out().lines().anyMatch("ready"::equals) || !manx.process.isAlive());
        if (!manx.process.isAlive()) {
            throw new AssertionError("manx run ended with " + manx.process.exitValue() + ":\n" + manx.log());
        }
        return manx;
    }

    /** Does not wait: for what is meant to be refused. */
    RunningManx(Lab lab, String... options) throws IOException {
        this(lab.folder, lab.gateway, options);
    }

    private RunningManx(Path folder, Namespace where, String... options) throws IOException {
        this.folder = folder;
        socket = folder.resolve("manx.sock");
        List<String> command = new ArrayList<>(List.of(
                bin(), "run", "--netns", where.name(),
                "--state", folder.resolve("state").toString(), "--socket", socket.toString()));
        command.addAll(List.of(options));
        process = new ProcessBuilder(command)
                .redirectOutput(folder.resolve("run.out").toFile())
                .redirectError(folder.resolve("run.err").toFile())
                .start();
    }

    String out() {
        return read("run.out");
    }

    public String log() {
        return read("run.err");
    }

    Path logFile() {
        return folder.resolve("run.err");
    }

    long pid() {
        return process.pid();
    }

    /** That it has worked so far, on all CPUs together. */
    double cpuSeconds() {
        return process.toHandle().info().totalCpuDuration().orElseThrow().toMillis() / 1e3;
    }

    /** Runs a command against this Manx. */
    public Answer command(String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(bin()));
        command.addAll(List.of(words));
        command.addAll(List.of("--socket", socket.toString()));
        Path out = Files.createTempFile(folder, "command", ".out");
        Path err = Files.createTempFile(folder, "command", ".err");
        int status = new ProcessBuilder(command)
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start()
                .waitFor();
        return new Answer(status, Files.readString(out), Files.readString(err));
    }

    /** Its JSON. @throws AssertionError it was refused */
    public JsonNode json(String... words) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of(words));
        all.add("--json");
        Answer answer = command(all.toArray(String[]::new));
        if (answer.status() != 0) {
            throw new AssertionError(String.join(" ", words) + " ended with " + answer.status() + ": " + answer.err());
        }
        return JSON.readTree(answer.out());
    }

    /** Ctrl-C. @return the exit status */
    int interrupt() throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
        return ended();
    }

    int kill() throws InterruptedException {
        process.destroyForcibly();
        return ended();
    }

    int ended() throws InterruptedException {
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            throw new AssertionError("manx run did not end within 60 s:\n" + log());
        }
        return process.exitValue();
    }

    @Override
    public void close() throws IOException {
        try {
            if (process.isAlive()) {
                interrupt();
            }
            new ProcessBuilder(bin(), "clean", "--state", folder.resolve("state").toString()).start().waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while manx run ended", e);
        }
    }

    private static String bin() {
        return Home.ROOT.resolve("bin/manx").toString();
    }

    private String read(String file) {
        try {
            return Files.readString(folder.resolve(file));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException("reading what manx run said", e);
        }
    }
}
