package io.manx.bench.counts;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RatchetTest {
    private static final Counts BEFORE = counts("6.18", 100, 0, 1);

    private static Counts counts(String kernel, int instructions, int indirect, int lookups) {
        return new Counts(kernel, "14",
                Map.of("parse", new Counts.Program(instructions, 10 * instructions, 2, indirect, Map.of("lookup manx_note", lookups))),
                Map.of("first", new Counts.Lane(List.of("parse"), instructions, lookups, 0)));
    }

    @Test
    void namesOneInstructionMore() {
        assertThat(Ratchet.worse(BEFORE, counts("6.18", 101, 0, 1)))
                .contains("program parse, instructions: 101, were 100", "first lane, instructions: 101, were 100");
    }

    @Test
    void namesOneLookupMore() {
        assertThat(Ratchet.worse(BEFORE, counts("6.18", 100, 0, 2)))
                .containsExactly("program parse, sites of lookup manx_note: 2, were 1", "first lane, sites of lookups: 2, were 1");
    }

    @Test
    void namesAnIndirectJumpOnAnyKernel() {
        assertThat(Ratchet.worse(BEFORE, counts("6.6", 100, 1, 1))).containsExactly("program parse, indirect tail calls: 1, were 0");
    }

    @Test
    void leavesAnotherKernelItsOwnWay() {
        assertThat(Ratchet.worse(BEFORE, counts("6.6", 108, 0, 1))).isEmpty();
        assertThat(Ratchet.worse(BEFORE, counts("6.6", 120, 0, 1))).isNotEmpty();
    }

    @Test
    void isGladOfLess() {
        assertThat(Ratchet.worse(BEFORE, counts("6.18", 80, 0, 0))).isEmpty();
    }
}
