package io.manx.bench.programs;

import static org.assertj.core.api.Assertions.assertThat;

import io.manx.bench.InOwnNetwork;
import io.manx.bench.result.Results;
import io.manx.bench.result.Series;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole run of the programs, with few packets: that all is measured, not how fast it is. */
class ProgramsTest {
    @TempDir
    Path folder;

    @Test
    void measuresEveryCaseAndWritesItDown() throws Exception {
        String output = InOwnNetwork.bench("--tiny", "--only", "programs", "--out", folder.toString());

        Results results = Results.read(only(".json"));
        assertThat(output).contains("s left]", "ratios within this run");
        assertThat(only(".html")).isNotEmptyFile();
        assertThat(results.machine()).containsKeys("processor", "kernel", "load at the start");
        assertThat(results.cases("programs")).contains(
                "v4 udp, one flow", "v4 tcp, one flow", "v6 udp, one flow", "v6 tcp, one flow", "v4 tcp translated, one flow",
                "v4 udp, 64k flows in turn", "v4 udp, 512k flows at random", "v4 udp, new flows", "v4 udp, denied",
                "v4 udp, unknown flow, cut off after", "v4 udp, known flow, cut off after");
        assertThat(results.series()).allSatisfy(series -> assertThat(series.samples()).isNotEmpty().allMatch(ns -> ns > 0));
        assertThat(results.of("programs", "v4 udp, one flow")).extracting(Series::variant)
                .contains("empty", "monolith", "five dynamic tail calls", "manx");
        assertThat(results.bars()).extracting(bar -> bar.what().replaceAll(",? .*", "")).contains("established", "new", "64k");
    }

    private Path only(String suffix) throws Exception {
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> found = files.filter(path -> path.toString().endsWith(suffix)).toList();
            assertThat(found).hasSize(1);
            return found.get(0);
        }
    }
}
