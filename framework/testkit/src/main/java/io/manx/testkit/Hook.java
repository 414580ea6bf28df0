package io.manx.testkit;

import io.manx.libbpf.ProgramType;

/** What a program's return value means, on the hook that it is for. Numbers as in pkt_cls.h and bpf.h. */
enum Hook {
    TC("probe.bpf.o", -1, 7, 2),
    XDP("probe_xdp.bpf.o", 2, 4, 1);

    private final String probe;
    private final int pass;
    private final int redirect;
    private final int drop;

    Hook(String probe, int pass, int redirect, int drop) {
        this.probe = probe;
        this.pass = pass;
        this.redirect = redirect;
        this.drop = drop;
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
        if (action == pass) {
            return Verdict.PASS;
        }
        if (action == redirect) {
            return Verdict.REDIRECT;
        }
        if (action == drop) {
            return Verdict.DROP;
        }
        throw new AssertionError("the stage returned " + this + " action " + action + ", which no verdict stands for");
    }
}
