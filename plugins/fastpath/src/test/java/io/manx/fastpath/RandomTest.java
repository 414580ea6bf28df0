package io.manx.fastpath;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Packets by chance, of flows that begin, talk, break off and end, of which some bytes may be wrong. */
class RandomTest {
    private static final int PACKETS = 2_000;

    /** @param told with objects that tell where they redirect to */
    @ParameterizedTest
    @CsvSource({"20261128, false", "7, true"})
    void bothChainsAreAlwaysInTheSameState(long seed, boolean told) {
        int taken = 0;
        try (Twins twins = new Twins(told)) {
            Babble babble = new Babble(twins, seed);
            for (int number = 0; number < PACKETS; number++) {
                taken += babble.next("seed " + seed + ", packet " + number) ? 1 : 0;
            }
        }
        assertThat(taken).as("packets that ended at fastpath").isBetween(PACKETS * 4 / 10, PACKETS * 9 / 10);
    }
}
