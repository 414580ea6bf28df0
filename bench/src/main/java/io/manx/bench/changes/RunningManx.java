package io.manx.bench.changes;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A Manx in a process of its own, started by bin/manx with all it does by default. */
final class RunningManx implements AutoCloseable {
    private final Path folder;
    private final Process process;
    private final double readyMillis;

    private RunningManx(Path folder, Process process, double readyMillis) {
        this.folder = folder;
        this.process = process;
        this.readyMillis = readyMillis;
    }

    /** Returns once it is ready. @throws IOException it ended before */
    static RunningManx start(String resources) throws IOException {
        Path folder = Files.createTempDirectory("manx-bench-run");
        Files.createDirectory(folder.resolve("config"));
        Files.writeString(folder.resolve("config/all.yaml"), resources);
        ProcessBuilder builder = new ProcessBuilder(
                System.getProperty("manx.root") + "/bin/manx", "run", "--config", folder.resolve("config").toString(),
                "--state", folder.resolve("state").toString(), "--socket", folder.resolve("manx.sock").toString());
        builder.environment().put("MANX_BUILT", "yes");
        builder.redirectError(folder.resolve("said").toFile());
        long begin = System.nanoTime();
        Process process = builder.start();
        BufferedReader out = process.inputReader();
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            if (line.equals("ready")) {
                return new RunningManx(folder, process, (System.nanoTime() - begin) / 1e6);
            }
        }
        throw new IOException("manx run ended before it was ready: " + Files.readString(folder.resolve("said")));
    }

    /** From before its process began. */
    double readyMillis() {
        return readyMillis;
    }

    Path config() {
        return folder.resolve("config");
    }

    Path state() {
        return folder.resolve("state");
    }

    String said() throws IOException {
        return Files.readString(folder.resolve("said"));
    }

    double residentBytes() throws IOException {
        return Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToDouble(line -> 1024 * Double.parseDouble(line.split("\\s+")[1]))
                .findFirst()
                .orElseThrow();
    }

    @Override
    public void close() throws IOException {
        process.destroy();
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException("manx run did not end within 30 s");
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
