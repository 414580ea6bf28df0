package io.manx.core;

import static io.manx.core.Offers.offer;
import static org.assertj.core.api.Assertions.assertThat;

import io.manx.core.view.SwapView;
import java.util.List;
import org.junit.jupiter.api.Test;

class SwapsTest {
    private final Swaps swaps = new Swaps();

    @Test
    void tellsWhyAStageWasRefusedAndWhatRunsOn() {
        swaps.refused(offer("policy", "2.0.0", List.of(), List.of()), "update", "1.0.0", "the verifier said no");

        SwapView swap = swaps.all().get(0);
        assertThat(swap.what()).isEqualTo("policy replaced");
        assertThat(swap.from()).isEqualTo("1.0.0");
        assertThat(swap.to()).isEqualTo("2.0.0");
        assertThat(swap.outcome()).isEqualTo("refused: the verifier said no");
        assertThat(swap.generation()).isZero();
    }

    @Test
    void forgetsTheOldest() {
        for (int i = 0; i <= Swaps.KEPT; i++) {
            swaps.refused(offer("policy", "1.0." + i, List.of(), List.of()), "update", "", "no");
        }

        assertThat(swaps.all()).hasSize(Swaps.KEPT);
        assertThat(swaps.all().get(0).to()).isEqualTo("1.0.1");
    }
}
