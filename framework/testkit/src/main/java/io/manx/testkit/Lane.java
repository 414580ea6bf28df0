package io.manx.testkit;

/** As {@code enum lane} of note.h. */
public enum Lane {
    FIRST,
    ESTABLISHED
}
