package io.manx.core;

/** Hears of each step of a change right before it is taken. Tests make each fail in turn, or end the process there. */
@FunctionalInterface
interface Steps {
    /** In the order in which they are taken; some more than once, some only for a new generation. */
    enum Step {
        PLAN,
        CREATE_ARRAY,
        LOAD_EXIT,
        LOAD_STAGE,
        KEEP_MAPS,
        COPY_MAP,
        TELL_LOADED,
        FILL_ROW,
        PIN_ARRAY,
        FILL_ROOT,
        CATCH_UP_MAP,
        PIN_MAP,
        FLIP_PHASE,
        COUNT_PACKETS,
        RAISE_EPOCH,
        ALIGN_ROWS,
        ALIGN_ROOT,
        TELL_UNLOADED,
        CLOSE_STAGE,
        UNPIN_ARRAY,
        CARRY_MAP,
        CLOSE_MAP,
        RENAME_MAP
    }

    Steps NONE = step -> {};

    /** Throws what the step is to fail with. */
    void before(Step step);
}
