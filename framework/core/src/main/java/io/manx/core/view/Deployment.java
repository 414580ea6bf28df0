package io.manx.core.view;

import java.nio.file.Path;

/** Changes to the pipeline that a user asks for by command. One at a time; each returns once the kernel has it. */
public interface Deployment {
    /** @throws RefusedException nothing has changed */
    Change install(Path jar) throws RefusedException;

    /** Replaces the installed bundle of the same symbolic name. @throws RefusedException nothing has changed */
    Change update(Path jar) throws RefusedException;

    /**
     * As {@link #update(Path)}; the version before comes back by itself if the new one fails within its probation.
     *
     * @throws RefusedException nothing has changed
     */
    Change update(Path jar, Probation probation) throws RefusedException;

    /** @param name a stage's or a bundle's. @throws RefusedException nothing has changed */
    Change remove(String name) throws RefusedException;

    /**
     * A change that is done.
     *
     * @param what one line: {@code policy 1.0.0 -> 1.1.0}; and for what a stage waits, where it does
     * @param generation 0 when no packet takes another path than before
     * @param prepareMillis to verify and load
     * @param switchMicros from the first write to the live pipeline to the last
     * @param lost packets dropped for an empty slot meanwhile
     */
    record Change(String what, int generation, double prepareMillis, double switchMicros, long lost) {
        /** The same, with more said of it. */
        public Change and(String more) {
            return new Change(what + ", " + more, generation, prepareMillis, switchMicros, lost);
        }
    }

    /** Why a change was refused: what was being done, to what, why, what would help. */
    class RefusedException extends Exception {
        private static final long serialVersionUID = 1;

        public RefusedException(String message) {
            super(message);
        }

        public RefusedException(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
