package io.manx.bench.result;

import static io.manx.bench.Given.empty;
import static io.manx.bench.Given.manx;
import static io.manx.bench.Given.monolith;
import static io.manx.bench.Given.run;
import static org.assertj.core.api.Assertions.assertThat;

import io.manx.bench.result.Comparison.Change;
import org.junit.jupiter.api.Test;

class ComparisonTest {
    private static final Results BEFORE = run(
            empty(10, 10, 10, 10, 10, 10), monolith(50, 51, 49, 50, 52, 50), manx(90, 92, 89, 91, 90, 93));

    private static Change ofManx(Results after) {
        return Comparison.of(BEFORE, after).changes().stream()
                .filter(change -> change.key().endsWith("manx"))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void callsTheSameAgainNoChange() {
        assertThat(Comparison.of(BEFORE, BEFORE).changes()).isNotEmpty().noneMatch(Change::beyondNoise);
    }

    @Test
    void callsASlowerMachineNoChange() {
        Results slower = run(
                empty(20, 20, 20, 20, 20, 20), monolith(100, 102, 98, 100, 104, 100), manx(180, 184, 178, 182, 180, 186));

        assertThat(Comparison.of(BEFORE, slower).changes()).noneMatch(Change::beyondNoise);
    }

    @Test
    void callsSamplesThatOverlapNoChange() {
        Results noisy = run(
                empty(10, 10, 10, 10, 10, 10), monolith(50, 51, 49, 50, 52, 50), manx(70, 130, 85, 96, 140, 75));

        assertThat(ofManx(noisy).beyondNoise()).isFalse();
    }

    @Test
    void callsAFewSamplesNoChange() {
        Results few = run(empty(10, 10), monolith(50, 50), manx(150, 151));

        assertThat(ofManx(few).beyondNoise()).isFalse();
    }

    @Test
    void callsASlowerPipelineWorse() {
        Results worse = run(
                empty(10, 10, 10, 10, 10, 10), monolith(50, 51, 49, 50, 52, 50), manx(110, 112, 109, 111, 110, 113));

        Change change = ofManx(worse);

        assertThat(change.beyondNoise()).isTrue();
        assertThat(change.better()).isFalse();
        assertThat(change.unit()).isEqualTo("x monolith");
        assertThat(change.relative()).isBetween(0.2, 0.3);
    }

    @Test
    void callsAFasterPipelineBetter() {
        Results better = run(
                empty(10, 10, 10, 10, 10, 10), monolith(50, 51, 49, 50, 52, 50), manx(70, 72, 69, 71, 70, 73));

        assertThat(ofManx(better).beyondNoise()).isTrue();
        assertThat(ofManx(better).better()).isTrue();
    }

    @Test
    void namesWhatOneRunAloneHas() {
        assertThat(Comparison.of(BEFORE, run(empty(10), monolith(50))).onlyInOne()).containsExactly("programs / v4 udp, one flow / manx");
    }
}
