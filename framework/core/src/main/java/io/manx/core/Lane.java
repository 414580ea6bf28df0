package io.manx.core;

/** A way through a pipeline, in the order of {@code enum lane} in note.h: by its place it is a row of the kernel's. */
enum Lane {
    /** Every stage: the flow is not yet decided. */
    FIRST,
    /** Of a flow that is known, with nothing to rewrite. */
    ESTABLISHED,
    /** Of a flow that is known and translated. */
    TRANSLATED
}
