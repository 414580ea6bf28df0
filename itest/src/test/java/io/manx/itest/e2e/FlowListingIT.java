package io.manx.itest.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.manx.core.PinRoot;
import io.manx.itest.e2e.RunningManx.Answer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A table of 512,000 flows, listed. Bounds the memory it takes; prints how long it took, and bounds no time. */
@Tag("alone")
class FlowListingIT {
    private static final int FLOWS = 512_000;
    private static final int ROUNDS = 6;

    /** The bar is 160; each listing leaves a little more, until the old generation is collected. */
    private static final long MOST_MIB = 145;

    @Test
    void listsAFullTableAsJsonWithoutLosingARow() throws Exception {
        Lab lab = new Lab("manx-fl");
        try (lab;
                RunningManx manx = RunningManx.start(
                        lab, "--config", lab.sampleResources().toString())) {
            FlowTables.fillEstablished(
                    PinRoot.of(lab.folder.resolve("state")).maps().resolve(PinRoot.encode("manx_flows4")), FLOWS);
            for (int round = 0; round < ROUNDS; round++) {
                long before = System.nanoTime();
                Answer all = manx.command("flows", "--json");
                double seconds = (System.nanoTime() - before) / 1e9;
                long rows = all.out().lines().filter(line -> line.contains("10.96.0.1")).count();
                System.out.printf(
                        Locale.ROOT,
                        "listing: %d flows as JSON, %d MiB, in %.2f s by bin/manx, its start among it; manx run has %d MiB%n",
                        rows,
                        all.out().length() >> 20,
                        seconds,
                        residentKib(manx.pid()) >> 10);
                assertThat(rows).isEqualTo(FLOWS);
                assertThat(residentKib(manx.pid()) >> 10).as("MiB resident").isLessThanOrEqualTo(MOST_MIB);
            }
        }
    }

    private static long residentKib(long pid) throws Exception {
        return Files.readAllLines(Path.of("/proc", Long.toString(pid), "status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                .findFirst()
                .orElseThrow();
    }
}
