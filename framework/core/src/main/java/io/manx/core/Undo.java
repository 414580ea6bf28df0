package io.manx.core;

import java.util.ArrayDeque;
import java.util.Deque;

/** How to take back what a change has done so far: the last step first. */
final class Undo {
    private final Deque<Runnable> steps = new ArrayDeque<>();

    void push(Runnable step) {
        steps.push(step);
    }

    /** The change is in force. */
    void forget() {
        steps.clear();
    }

    /** One step that can't be undone does not keep the others from it. */
    void run(Throwable cause) {
        steps.forEach(step -> attempt(step, cause));
    }

    private static void attempt(Runnable step, Throwable cause) {
        try {
            step.run();
        } catch (RuntimeException | LinkageError e) {
            cause.addSuppressed(e);
        }
    }
}
