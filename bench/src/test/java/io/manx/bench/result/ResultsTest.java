package io.manx.bench.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.manx.bench.Given;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultsTest {
    private static final Results RUN = Given.run(Given.empty(10, 20), Given.monolith(50, 60), Given.manx(90, 120));

    @TempDir
    Path folder;

    @Test
    void refusesAnotherFormat() throws IOException {
        Path file = folder.resolve("run.json");
        RUN.write(file);
        Files.writeString(file, Files.readString(file).replace("\"format\" : 2", "\"format\" : 99"));

        assertThatThrownBy(() -> Results.read(file)).hasMessageContaining("format 99");
    }

    @Test
    void readsWhatItWrote() throws IOException {
        RUN.write(folder.resolve("results/run.json"));

        assertThat(Results.read(folder.resolve("results/run.json"))).isEqualTo(RUN);
    }

    @Test
    void subtractsTheFloorOfTheSameRound() {
        assertThat(RUN.net(RUN.find("programs", Given.CASE, "manx").orElseThrow())).containsExactly(80., 100.);
    }

    @Test
    void judgesByRatiosOfTheSameRound() {
        assertThat(RUN.bars()).singleElement().satisfies(bar -> {
            assertThat(bar.reached()).isCloseTo((80 / 40. + 100 / 40.) / 2, within(1e-9));
            assertThat(bar.met()).isFalse();
            assertThat(bar.verdict()).isEqualTo("missed");
            assertThat(bar.bar()).isEqualTo("at most 1.3");
        });
    }

    @Test
    void saysWhenTheSpreadReachesOverTheBar() {
        Results narrow = Given.run(Given.empty(0, 0, 0, 0), Given.monolith(100, 100, 100, 100), Given.manx(120, 120, 125, 140));
        Results wide = Given.run(Given.empty(0, 0, 0, 0), Given.monolith(100, 100, 100, 100), Given.manx(100, 120, 135, 160));
        Results over = Given.run(Given.empty(0, 0, 0, 0), Given.monolith(100, 100, 100, 100), Given.manx(100, 133, 135, 160));

        assertThat(narrow.bars().get(0).verdict()).isEqualTo("met");
        assertThat(wide.bars().get(0).verdict()).isEqualTo("met, within the spread");
        assertThat(over.bars().get(0).verdict()).isEqualTo("missed, within the spread");
    }
}
