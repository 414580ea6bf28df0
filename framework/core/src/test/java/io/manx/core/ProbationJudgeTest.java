package io.manx.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ProbationJudgeTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration SIX_SECONDS = Duration.ofSeconds(6);
    private static final Window CLEAN = new Window(MINUTE, 60_000, Map.of());
    private static final Window FIVE_PERCENT = new Window(MINUTE, 60_000, Map.of("policy-deny", 3_000L));

    private final ProbationJudge judge = new ProbationJudge(OptionalDouble.empty());

    private static Window since(long packets, Map<String, Long> drops) {
        return new Window(SIX_SECONDS, packets, drops);
    }

    // ---- reason by reason

    @Test
    void objectsToAReasonThatWasNotThereBefore() {
        assertThat(judge.objection(CLEAN, since(6_000, Map.of("own", 252L)), false))
                .contains("drops own 0.0 % -> 4.2 % of packets in 6 s (allowed 0.8 %)");
    }

    @Test
    void objectsToAReasonThatHasRisen() {
        assertThat(judge.objection(FIVE_PERCENT, since(6_000, Map.of("policy-deny", 600L)), false).orElseThrow())
                .startsWith("drops policy-deny 5.0 % -> 10.0 % of packets in 6 s");
    }

    @Test
    void objectsToAReasonThatTakesAnothersPlace() {
        assertThat(judge.objection(FIVE_PERCENT, since(6_000, Map.of("policy-default", 300L)), false)).isPresent();
    }

    @Test
    void acceptsWhatWasThereBefore() {
        assertThat(judge.objection(FIVE_PERCENT, since(6_000, Map.of("policy-deny", 300L)), false)).isEmpty();
        assertThat(judge.objection(CLEAN, since(6_000, Map.of()), true)).isEmpty();
    }

    @Test
    void acceptsFewerDrops() {
        assertThat(judge.objection(FIVE_PERCENT, since(6_000, Map.of("policy-deny", 10L)), true)).isEmpty();
    }

    @Test
    void doesNotTakeAQuietHourForAWorseVersion() {
        Window before = new Window(MINUTE, 600_000, Map.of("policy-deny", 6_000L));

        assertThat(judge.objection(before, since(2_000, Map.of("policy-deny", 550L)), true)).isEmpty();
        assertThat(judge.objection(before, since(2_000, Map.of("policy-deny", 650L)), true)).isPresent();
    }

    @Test
    void objectsToAVersionThatLetsNothingThroughAlthoughItsSendersBackOff() {
        Window before = new Window(MINUTE, 600_000, Map.of("policy-deny", 3_000L));

        assertThat(judge.objection(before, since(240, Map.of("policy-deny", 240L)), false).orElseThrow())
                .startsWith("drops policy-deny 0.5 % -> 100.0 % of packets in 6 s");
    }

    @Test
    void holdsAgainstNoise() {
        Random random = new Random(7);
        for (int trial = 0; trial < 300; trial++) {
            long dropped = 0;
            for (int packet = 1; packet <= 3_000; packet++) {
                dropped += random.nextInt(100) < 5 ? 1 : 0;
                if (packet % 100 == 0) {
                    Window since = new Window(Duration.ofMillis(packet), packet, Map.of("policy-deny", dropped));
                    assertThat(judge.objection(FIVE_PERCENT, since, false)).as("after %s packets", packet).isEmpty();
                }
            }
        }
    }

    // ---- few packets

    @Test
    void isPatientWithFewPackets() {
        assertThat(judge.objection(CLEAN, since(99, Map.of("own", 99L)), false)).isEmpty();
        assertThat(judge.objection(CLEAN, since(100, Map.of("own", 9L)), false)).isEmpty();
        assertThat(judge.objection(CLEAN, since(100, Map.of("own", 10L)), false)).isPresent();
    }

    @Test
    void judgesByWhatThereIsAtTheEnd() {
        assertThat(judge.objection(CLEAN, since(20, Map.of("own", 9L)), true)).isEmpty();
        assertThat(judge.objection(CLEAN, since(20, Map.of("own", 20L)), true)).isPresent();
        assertThat(judge.objection(CLEAN, since(0, Map.of()), true)).isEmpty();
    }

    @Test
    void countsFromZeroWhereNothingWasSeenBefore() {
        assertThat(judge.objection(Window.NOTHING, since(1_000, Map.of("own", 100L)), false))
                .contains("drops own 0.0 % -> 10.0 % of packets in 6 s (allowed 0.5 %)");
        assertThat(judge.objection(Window.NOTHING, since(10_000, Map.of("own", 40L)), false)).isEmpty();
    }

    // ---- faults of the pipeline itself

    @Test
    void toleratesFewerFaultsThanDrops() {
        assertThat(judge.objection(CLEAN, since(6_000, Map.of("redirect-failed", 2L)), false)).isEmpty();
        assertThat(judge.objection(CLEAN, since(600, Map.of("redirect-failed", 5L)), false).orElseThrow())
                .startsWith("drops redirect-failed 0.0 % -> 0.8 %");
        assertThat(judge.objection(CLEAN, since(600, Map.of("own", 5L)), false)).isEmpty();
    }

    // ---- a highest share

    @Test
    void holdsAllDropsTogetherAgainstTheHighestShare() {
        ProbationJudge strict = new ProbationJudge(OptionalDouble.of(0.01));

        assertThat(strict.objection(CLEAN, since(6_000, Map.of("a", 40L, "b", 32L)), false))
                .contains("drops 1.2 % of packets in 6 s (allowed 1.0 %)");
        assertThat(strict.objection(CLEAN, since(6_000, Map.of("a", 30L, "b", 30L)), false)).isEmpty();
        assertThat(strict.objection(CLEAN, since(50, Map.of("a", 5L)), false)).isEmpty();
    }

    @Test
    void letsDropsRiseBelowTheHighestShare() {
        ProbationJudge lenient = new ProbationJudge(OptionalDouble.of(0.5));

        assertThat(lenient.objection(CLEAN, since(6_000, Map.of("own", 600L)), true)).isEmpty();
        assertThat(lenient.objection(CLEAN, since(6_000, Map.of("empty-slot", 600L)), true)).isPresent();
    }

    @Test
    void allowsNoDropAtAllWhereTheHighestShareIsZero() {
        ProbationJudge none = new ProbationJudge(OptionalDouble.of(0));

        assertThat(none.objection(FIVE_PERCENT, since(6_000, Map.of("policy-deny", 1L)), false))
                .contains("drops 0.017 % of packets in 6 s (allowed 0.0 %)");
    }
}
