package io.manx.libbpf;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class VerifierLogTest {
    @Test
    void takesTheReasonAndTheLastPlaceBeforeIt() {
        String log = """
                0: R1=ctx() R10=fp0
                ; __u32 key = skb->len; @ nat.bpf.c:40
                0: (61) r1 = *(u32 *)(r1 +0)
                ; return *value; @ /home/somebody/nat.bpf.c:41
                8: (61) r0 = *(u32 *)(r0 +0)
                R0 invalid mem access 'map_value_or_null'
                verification time 51 usec
                stack depth 4
                processed 8 insns (limit 1000000) max_states_per_insn 0 total_states 0 peak_states 0 mark_read 0
                """;

        assertThat(VerifierLog.usefulLine(log)).isEqualTo("R0 invalid mem access 'map_value_or_null' (nat.bpf.c:41)");
    }

    @Test
    void quotesTheSourceWhereTheKernelDoesNotSayItsPlace() {
        String log = "; return *value;\n8: (61) r0 = *(u32 *)(r0 +0)\nR0 invalid mem access 'scalar'\nprocessed 8 insns\n";

        assertThat(VerifierLog.usefulLine(log)).isEqualTo("R0 invalid mem access 'scalar' (at: return *value;)");
    }

    @Test
    void managesWithoutTheSource() {
        String log = "unknown opcode ff\nprocessed 0 insns (limit 1000000)\n";

        assertThat(VerifierLog.usefulLine(log)).isEqualTo("unknown opcode ff");
    }
}
