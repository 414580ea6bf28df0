package io.manx.itest.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.manx.itest.JavaProgram;
import io.manx.testkit.Namespace;
import io.manx.testkit.Namespaces;
import io.manx.testkit.Running;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What a confirmed flow takes of the kernel's memory, both directions in one entry: a process whose kernel memory is counted
 * for itself loads conntrack and fills its tables. Prints what the kernel gave out, and what it says the map takes.
 */
@Tag("alone")
class FlowMemoryIT {
    private static final int FLOWS = 512_000;
    private static final Duration SOON = Duration.ofSeconds(60);

    /** An entry of 256 bytes, 8 by which the kernel knows whose they are, and a tenth on top for what it keeps at hand. */
    private static final int MOST_BYTES = 300;

    private record Table(String map, int keyBytes) {}

    @Test
    void aFlowTakesWhatTheDocumentationSays() throws Exception {
        try (Namespaces net = Namespaces.ofThisProcess("manx-fm")) {
            Namespace anywhere = net.add("fill");
            try (Running filling = JavaProgram.of(FlowMemoryMain.class, Integer.toString(FLOWS))
                    .with("-Xmx256m", "-Dmanx.root=" + System.getProperty("manx.root"))
                    .startIn(anywhere)) {
                filling.awaitLine("waiting", SOON);
                var memory = KernelMemory.of(filling.pid(), "manx-fm");
                assumeTrue(memory.isPresent(), "a memory cgroup of this test's own");
                try (KernelMemory own = memory.get()) {
                    measure(filling, own);
                    filling.endInput();
                    filling.awaitEnd(SOON);
                }
            }
        }
    }

    private static void measure(Running filling, KernelMemory own) throws IOException {
        filling.input("load");
        filling.awaitLine("loaded", SOON);
        for (Table table : List.of(new Table("manx_flows4", 16), new Table("manx_flows6", 40))) {
            long before = own.kilobytes();
            long saidBefore = said(filling.pid(), table);
            filling.input(table.map());
            filling.awaitLine("filled " + table.map(), SOON);
            double bytes = (own.kilobytes() - before) * 1024.0 / FLOWS;
            double said = (double) (said(filling.pid(), table) - saidBefore) / FLOWS;
            System.out.printf(
                    Locale.ROOT, "memory: %s: %.0f bytes a flow (%.0f by the map's own account), and %.1f MiB while it is empty%n",
                    table.map(), bytes, said, saidBefore / 1024.0 / 1024.0);
            assertThat(bytes).isBetween(said * 0.9, (double) MOST_BYTES);
        }
    }

    /** Of the map's fdinfo: what it takes. */
    private static long said(long pid, Table table) throws IOException {
        try (Stream<Path> files = Files.list(Path.of("/proc", Long.toString(pid), "fdinfo"))) {
            return files.mapToLong(file -> said(file, table)).max().orElseThrow();
        }
    }

    private static long said(Path fdinfo, Table table) {
        try {
            List<String> lines = Files.readAllLines(fdinfo);
            return lines.contains("key_size:\t" + table.keyBytes()) && lines.contains("max_entries:\t" + FLOWS)
                    ? lines.stream()
                            .filter(line -> line.startsWith("memlock:"))
                            .mapToLong(line -> Long.parseLong(line.substring("memlock:".length()).strip()))
                            .findFirst()
                            .orElse(0)
                    : 0;
        } catch (java.nio.file.NoSuchFileException e) {
            /* Files are opened and closed meanwhile; the table's stays. */
            return 0;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException("reading " + fdinfo, e);
        }
    }
}
