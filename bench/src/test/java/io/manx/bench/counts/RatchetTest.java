package io.manx.bench.counts;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RatchetTest {
    private static final Counts BEFORE = counts("6.18", 100, 0, 1);

    private static Counts counts(String kernel, int instructions, int indirect, int lookups) {
        return counts(kernel, instructions, 200, indirect, lookups);
    }

    private static Counts verified(String kernel, int instructions) {
        return counts(kernel, 100, instructions, 0, 1);
    }

    private static Counts counts(String kernel, int instructions, int verified, int indirect, int lookups) {
        return new Counts(kernel, "14",
                Map.of("parse", new Counts.Program(instructions, verified, 10 * instructions, 2, indirect, Map.of("lookup manx_note", lookups))),
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

    /** Policy, as it was before anybody looked: 0.76 s a load. */
    @Test
    void namesAProgramThatTheVerifierGetsLostIn() {
        assertThat(Ratchet.worse(verified("6.18", 5_236), verified("6.18", 672_976)))
                .containsExactly("program parse, instructions that the verifier followed: 672976, were 5236");
        assertThat(Ratchet.worse(verified("6.6", 5_236), verified("6.18", 672_976))).isNotEmpty();
    }

    @Test
    void holdsTheVerifierToHalfAsMuchAgain() {
        assertThat(Ratchet.worse(verified("6.18", 24_000), verified("6.18", 36_000))).isEmpty();
        assertThat(Ratchet.worse(verified("6.18", 24_000), verified("6.18", 36_001))).isNotEmpty();
    }

    @Test
    void holdsAnotherKernelsVerifierToThreeTimesAsMuch() {
        assertThat(Ratchet.worse(verified("6.6", 24_000), verified("6.18", 72_000))).isEmpty();
        assertThat(Ratchet.worse(verified("6.6", 24_000), verified("6.18", 72_001))).isNotEmpty();
    }

    @Test
    void doesNotMindWhatIsVerifiedInNoTime() {
        assertThat(Ratchet.worse(verified("6.18", 200), verified("6.18", 10_000))).isEmpty();
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
