package io.manx.testkit;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/** Waits for what happens outside of this process, where nothing can be told when it does. */
public final class Await {
    private static final long LOOK_AGAIN_NANOS = 5_000_000;

    private Await() {}

    /**
     * Returns once the condition holds.
     *
     * @param what in words, for the error: {@code "nginx listens on port 80"}
     * @throws AssertionError it did not in that time, or its last look at it failed
     */
    public static void until(String what, Duration atMost, Callable<Boolean> condition) {
        long begin = System.nanoTime();
        Exception last = null;
        do {
            try {
                if (condition.call()) {
                    return;
                }
                last = null;
            } catch (Exception e) {
                last = e;
            }
            pause();
        } while (System.nanoTime() - begin < atMost.toNanos() && !Thread.currentThread().isInterrupted());
        throw new AssertionError("waited " + atMost.toMillis() + " ms in vain until " + what, last);
    }

    /** Until it is worth looking again. */
    static void pause() {
        LockSupport.parkNanos(LOOK_AGAIN_NANOS);
    }
}
