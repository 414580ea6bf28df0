package io.manx.itest.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.manx.core.PinRoot;
import io.manx.itest.e2e.RunningManx.Answer;
import io.manx.libbpf.BpfMap;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A table of 512,000 flows, listed. Prints how long it took, and bounds no time. */
@Tag("alone")
class FlowListingIT {
    private static final int FLOWS = 512_000;
    private static final int PART = 32_000;
    private static final int ROUNDS = 3;

    @Test
    void listsAFullTableAsJsonWithoutLosingARow() throws Exception {
        Lab lab = new Lab("manx-fl");
        try (lab;
                RunningManx manx = RunningManx.start(
                        lab, "--config", lab.sampleResources().toString())) {
            fill(lab);
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

    /** Established, seen now: none is swept before they are all listed. */
    private static void fill(Lab lab) {
        try (BpfMap flows = BpfMap.open(
                PinRoot.of(lab.folder.resolve("state")).maps().resolve(PinRoot.encode("manx_flows4")))) {
            Map<ByteBuffer, ByteBuffer> part = new HashMap<>();
            for (int number = 0; number < FLOWS; number++) {
                ByteBuffer key = flows.key().allocate();
                flows.key().field("addr_a").setBytes(key, new byte[] {10, (byte) (number >> 16), (byte) (number >> 8), 1});
                flows.key().field("addr_b").setBytes(key, new byte[] {10, 96, 0, 1});
                flows.key().field("port_a").set(key, 1024 + (number & 0xff));
                flows.key().field("port_b").set(key, 80);
                flows.key().field("protocol").set(key, 6);
                ByteBuffer value = flows.value().allocate();
                flows.value().field("last_ns").set(value, System.nanoTime());
                flows.value().field("begin_ns").set(value, System.nanoTime());
                flows.value().field("said[0]").set(value, 3);
                flows.value().field("said[1]").set(value, 1);
                part.put(key, value);
                if (part.size() == PART || number == FLOWS - 1) {
                    flows.putAll(part);
                    part.clear();
                }
            }
        }
    }
}
