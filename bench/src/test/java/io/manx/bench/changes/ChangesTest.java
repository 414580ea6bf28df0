package io.manx.bench.changes;

import static org.assertj.core.api.Assertions.assertThat;

import io.manx.bench.InOwnNetwork;
import io.manx.bench.result.Results;
import io.manx.bench.result.Series;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each stage replaced once, with traffic and without. Starts of Manx need dist, which is built after this. */
class ChangesTest {
    @TempDir
    Path folder;

    @Test
    void replacesEveryStageWithAndWithoutTraffic() throws Exception {
        InOwnNetwork.bench("--tiny", "--only", "changes", "--out", folder.toString());

        Results results;
        try (Stream<Path> files = Files.list(folder)) {
            results = Results.read(files.filter(path -> path.toString().endsWith(".json")).findFirst().orElseThrow());
        }
        assertThat(results.cases("changes")).containsExactly(
                "switching, by stage", "preparing, by stage", "switching, by stage under traffic", "preparing, by stage under traffic");
        for (String what : results.cases("changes")) {
            assertThat(results.of("changes", what)).extracting(Series::variant).contains(
                    "fastpath", "parse", "conntrack", "service", "policy", "nat", "routes", "forward", "a generation: policy and routes at once");
        }
        assertThat(results.series()).allSatisfy(series -> assertThat(series.samples()).isNotEmpty().allMatch(value -> value > 0));
        assertThat(results.notes()).contains("changes, starts and memory: left out, as this was not started by bin/manx");
    }
}
