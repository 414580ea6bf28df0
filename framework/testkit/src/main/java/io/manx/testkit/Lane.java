package io.manx.testkit;

/** As {@code enum lane} of note.h. */
public enum Lane {
    FIRST,
    /** Of a known flow, with nothing to rewrite. */
    ESTABLISHED,
    /** Of a known flow whose packets nat rewrites. */
    TRANSLATED
}
