package io.manx.testkit;

import io.manx.libbpf.ProgramType;
import java.util.Map;

/** What a program's return value means, on the hook that it is for. Numbers as in pkt_cls.h and bpf.h. */
enum Hook {
    TC("probe.bpf.o", Map.of(-1, Verdict.PASS, 7, Verdict.REDIRECT, 2, Verdict.DROP)),
    XDP(
            "probe_xdp.bpf.o",
            Map.of(2, Verdict.PASS, 4, Verdict.REDIRECT, 1, Verdict.DROP, 3, Verdict.TX, 0, Verdict.ABORTED));

    private final String probe;
    private final Map<Integer, Verdict> verdicts;

    Hook(String probe, Map<Integer, Verdict> verdicts) {
        this.probe = probe;
        this.verdicts = verdicts;
    }

    static Hook of(ProgramType type) {
        return type == ProgramType.XDP ? XDP : TC;
    }

    /** The object with the programs that stand around a stage. */
    String probe() {
        return probe;
    }

    /** @throws AssertionError no stage returns that */
    Verdict verdict(int action) {
        Verdict verdict = verdicts.get(action);
        if (verdict != null) {
            return verdict;
        }
        throw new AssertionError("the stage returned " + this + " action " + action + ", which no verdict stands for");
    }
}
