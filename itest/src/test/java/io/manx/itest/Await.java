package io.manx.itest;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for a condition, asked every 20 ms. */
public final class Await {
    private static final Duration LONGEST = Duration.ofSeconds(60);

    private Await() {}

    /** @throws AssertionError it does not hold within a minute: a machine with too much to do is no reason to fail */
    public static void until(String what, BooleanSupplier condition) {
        until(what, LONGEST, condition);
    }

    /** @throws AssertionError it does not hold within that time */
    public static void until(String what, Duration longest, BooleanSupplier condition) {
        long deadline = System.nanoTime() + longest.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not within " + longest.toSeconds() + " s: " + what);
            }
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
        }
    }
}
