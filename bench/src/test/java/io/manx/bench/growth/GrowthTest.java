package io.manx.bench.growth;

import static org.assertj.core.api.Assertions.assertThat;

import io.manx.bench.InOwnNetwork;
import io.manx.bench.result.Results;
import io.manx.bench.result.Series;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The first step of each row: that what grows is made, known to Manx, and measured. */
class GrowthTest {
    @TempDir
    Path folder;

    @Test
    void measuresTheFirstStepOfEachRow() throws Exception {
        InOwnNetwork.bench("--tiny", "--only", "growth", "--out", folder.toString());

        Results results;
        try (Stream<Path> files = Files.list(folder)) {
            results = Results.read(files.filter(path -> path.toString().endsWith(".json")).findFirst().orElseThrow());
        }
        assertThat(results.cases("growth")).containsExactly(
                "CPU per TCP connection, rules: 10", "CPU per TCP connection, services: 1", "known flows, met at random: 1", "routes: 10",
                "interfaces: 2", "time to load and attach, interfaces: 2", "stages, the seven default ones and others that do nothing: 8");
        assertThat(results.of("growth", "CPU per TCP connection, rules: 10")).extracting(Series::variant)
                .containsExactly("iptables", "nftables", "nftables set", "manx");
        assertThat(results.series()).allSatisfy(series -> assertThat(series.samples()).isNotEmpty().allMatch(value -> value > 0));
    }
}
