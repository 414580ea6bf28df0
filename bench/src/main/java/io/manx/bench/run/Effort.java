package io.manx.bench.run;

/**
 * How much is measured.
 *
 * @param rounds in each of which every variant of a case is measured once
 * @param packets a sample, where a packet takes some 100 ns
 * @param millis a sample, where it is traffic between namespaces
 * @param seconds after which cases are left out: somewhat less than what is promised, as a case that is begun is ended
 */
public record Effort(String name, int rounds, int packets, int millis, int seconds) {
    /** Of a case where time is short. */
    public static final int LEAST_ROUNDS = 3;

    /** Under 30 minutes. */
    public static final Effort FULL = new Effort("full", 21, 30_000, 400, 1_680);
    /** Under 3 minutes. */
    public static final Effort QUICK = new Effort("quick", 9, 20_000, 120, 150);
    /** Shows that everything runs; figures mean nothing. */
    public static final Effort TINY = new Effort("tiny", 2, 2_000, 20, 600);

    public boolean isTiny() {
        return equals(TINY);
    }

    public boolean isFull() {
        return equals(FULL);
    }
}
