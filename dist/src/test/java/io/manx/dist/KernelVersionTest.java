package io.manx.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class KernelVersionTest {
    @Test
    void refusesWhatIsNoVersion() {
        assertThatIllegalArgumentException().isThrownBy(() -> KernelVersion.of("rolling"));
    }

    @Test
    void comparesByNumber() {
        assertThat(KernelVersion.of("5.10.0-30-amd64").isBefore(KernelVersion.of("6.6"))).isTrue();
        assertThat(KernelVersion.of("6.18.44").isBefore(KernelVersion.of("6.6"))).isFalse();
        assertThat(KernelVersion.of("6.6.0").isBefore(KernelVersion.of("6.6"))).isFalse();
    }
}
