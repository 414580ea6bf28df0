package io.manx.bench.paths;

import static org.assertj.core.api.Assertions.assertThat;

import io.manx.bench.InOwnNetwork;
import io.manx.bench.result.Results;
import io.manx.bench.result.Series;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A round of all ways with little traffic: that packets arrive by each of them and are counted. */
class PathsTest {
    @TempDir
    Path folder;

    @Test
    void measuresEveryWay() throws Exception {
        InOwnNetwork.bench("--tiny", "--only", "paths", "--out", folder.toString());

        Results results;
        try (Stream<Path> files = Files.list(folder)) {
            results = Results.read(files.filter(path -> path.toString().endsWith(".json")).findFirst().orElseThrow());
        }
        assertThat(results.cases("paths")).contains(
                "CPU per packet, injected", "CPU per packet, sent", "packets per second, sent", "round trip p50, UDP",
                "round trip p50, TCP", "TCP connections per second", "TCP throughput, no GSO, 1 stream", "TCP throughput, no GSO, 8 streams",
                "sender's CPU per segment, no GSO, 1 stream");
        for (String what : results.cases("paths")) {
            assertThat(results.of("paths", what)).extracting(Series::variant).contains(
                    "plain", "redirect_peer", "iptables, 10 rules", "nftables, 10 rules", "manx, 10 rules", "iptables, 1000 services",
                    "nftables map, 1000 services", "manx, 1000 services");
        }
        assertThat(results.series()).allSatisfy(series -> assertThat(series.samples()).isNotEmpty().allMatch(value -> value > 0));
    }
}
