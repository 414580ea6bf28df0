package io.manx.libbpf;

/** Where on an interface a program runs. */
public enum Hook {
    TC_INGRESS,
    TC_EGRESS,
    XDP;

    static Hook tc(boolean egress) {
        return egress ? TC_EGRESS : TC_INGRESS;
    }
}
