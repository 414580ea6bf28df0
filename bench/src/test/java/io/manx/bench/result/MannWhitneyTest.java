package io.manx.bench.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Against the published tables (Mann and Whitney 1947, table I). */
class MannWhitneyTest {
    @Test
    void givesTheChanceOfTwoSetsThatDoNotOverlap() {
        assertThat(MannWhitney.chance(List.of(1., 2., 3., 4., 5.), List.of(6., 7., 8., 9., 10.))).isCloseTo(2 / 252., within(1e-9));
    }

    @Test
    void givesTheChanceOfOneWin() {
        assertThat(MannWhitney.chance(List.of(1., 2., 4.), List.of(3., 5., 6.))).isCloseTo(0.2, within(1e-9));
    }

    @Test
    void isSureOfNothingWhereAllIsTheSame() {
        assertThat(MannWhitney.chance(List.of(7., 7., 7.), List.of(7., 7., 7.))).isEqualTo(1);
    }
}
