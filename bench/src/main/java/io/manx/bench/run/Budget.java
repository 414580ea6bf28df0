package io.manx.bench.run;

import java.util.function.LongSupplier;

/**
 * The time a run may take. What is left is shared out at the beginning of each suite by what it and those after it
 * usually take, so that one which was quick leaves the others more. A suite that has used most of its share is late and
 * makes fewer rounds; one that has used all of it leaves cases out.
 */
public final class Budget {
    private static final double LATE = 0.75;

    private final LongSupplier nanos;
    private final double end;
    private double share;
    private double began;

    /** @param nanos a clock that never goes back */
    public Budget(double seconds, LongSupplier nanos) {
        this.nanos = nanos;
        this.end = now() + seconds;
        began = now();
        share = seconds;
    }

    /**
     * @param usual seconds of the suite that begins now
     * @param withLater the same of it and all that come after it
     */
    public void begin(double usual, double withLater) {
        began = now();
        share = Math.max(0, end - began) * usual / withLater;
    }

    /** Fewer rounds are to be made from now on. */
    public boolean isLate() {
        return now() - began > LATE * share;
    }

    /** No case is to be begun any more. */
    public boolean isOver() {
        return now() - began > share;
    }

    private double now() {
        return nanos.getAsLong() / 1e9;
    }
}
