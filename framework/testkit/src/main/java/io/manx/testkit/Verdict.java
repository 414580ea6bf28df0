package io.manx.testkit;

/** What a stage did with a packet. */
public enum Verdict {
    /** It went on to the stage's successor, in whichever lane. */
    NEXT,
    /** It left the pipeline for the kernel's own stack. */
    PASS,
    /** A redirect helper was called. */
    REDIRECT,
    DROP,
    /** It is held by the stage, which will bring it back or drop it, and is not counted before that. */
    KEPT,
    /** On xdp: it went back out by the interface it came in by. */
    TX,
    /** On xdp: dropped, and told to whoever traces it. */
    ABORTED
}
