package io.manx.core;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class NoteContractTest {
    @Test
    void refusesAMachineWhoseCpusWouldShareNotes() {
        assertThatCode(() -> NoteContract.requireRoom(1024, 1024)).doesNotThrowAnyException();
        assertThatThrownBy(() -> NoteContract.requireRoom(1025, 1024))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("may have 1025 CPUs")
                .hasMessageContaining("nr_cpus=1024");
    }
}
