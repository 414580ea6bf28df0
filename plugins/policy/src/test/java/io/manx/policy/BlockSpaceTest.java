package io.manx.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class BlockSpaceTest {
    private final BlockSpace space = new BlockSpace(10);

    @Test
    void refusesARunThatIsNotThere() {
        space.take(4);
        space.take(4);
        space.release(0, 4);
        assertThatThrownBy(() -> space.take(5))
                .hasMessageContaining("need 5 more blocks")
                .hasMessageContaining("only 6 are free");
    }

    @Test
    void findsTheFirstRunThatIsLongEnough() {
        space.occupy(1, 2);
        assertThat(space.take(2)).isEqualTo(3);
        assertThat(space.take(1)).isEqualTo(0);
        assertThat(space.take(5)).isEqualTo(5);
    }
}
