package io.manx.libbpf;

/** By which of the kernel's ways a program is attached. */
public enum AttachKind {
    /** A link on a tc hook, from kernel 6.6 on. */
    TCX,
    /** A tc filter on the clsact queueing discipline, for kernels before that. */
    CLSACT,
    /** A link on the driver's receive path, or on the kernel's generic one. */
    XDP
}
