package io.manx.libbpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import org.junit.jupiter.api.Test;

class MembarrierTest {
    @Test
    void returnsOncePacketsInFlightHaveLeft() {
        assertThatCode(Membarrier::global).doesNotThrowAnyException();
    }

    @Test
    void countsThePossibleCpus() {
        assertThat(Cpus.possible()).isGreaterThanOrEqualTo(Runtime.getRuntime().availableProcessors());
    }

    @Test
    void namesTheVersionOfLibbpf() {
        assertThat(Library.version()).matches("v\\d+\\.\\d+.*");
    }
}
