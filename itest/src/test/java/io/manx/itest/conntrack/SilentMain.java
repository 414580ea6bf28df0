package io.manx.itest.conntrack;

import io.manx.itest.conntrack.SilentScenarios.Silent;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Queue;

/**
 * A program like {@link DifferentialMain}, for scenarios that fall silent and go on: all are under way at once. One that goes on
 * too late, since the machine had other work, is not compared from there on, and counted.
 * Arguments: MODE SEED.
 */
final class SilentMain {
    /** Longer than two seconds, after which the kernel takes a UDP flow for a stream. */
    private static final long WARM_NANOS = 2_200_000_000L;
    /** Of the half second between a silence and the next time-out. */
    private static final long LATEST_NANOS = 300_000_000L;

    private static final long MARK_NANOS = 500_000_000L;

    /** @param from the step that is due, and those after it. @param nanos when */
    private record Due(Silent silent, int from, long nanos) {}

    private final Comparison comparison;
    private final Queue<Due> due = new PriorityQueue<>(Comparator.comparingLong(Due::nanos));
    private final long begin = System.nanoTime();
    private int late;

    private SilentMain(Comparison comparison) {
        this.comparison = comparison;
    }

    public static void main(String[] arguments) throws InterruptedException {
        Mode mode = Mode.valueOf(arguments[0]);
        long seed = Long.parseLong(arguments[1]);
        try (Gateway manx = new Gateway("Manx", "mc", "ms");
                Gateway kernel = new Gateway("the kernel", "kc", "ks")) {
            Comparison comparison = new Comparison(mode, manx, kernel);
            SilentMain main = new SilentMain(comparison);
            main.run(seed);
            comparison.report("silent, seed " + seed + ": " + SilentScenarios.COUNT + " scenarios, " + main.late + " too late");
            System.exit(comparison.isExplained() ? 0 : 1);
        }
    }

    private void run(long seed) throws InterruptedException {
        comparison.mark(Tags.NONE);
        for (int number = 0; number < SilentScenarios.COUNT; number++) {
            while (!due.isEmpty() && due.peek().nanos() <= now()) {
                goOnInTime(due.remove());
            }
            goOn(new Due(SilentScenarios.of(seed, number), 0, now()));
        }
        while (!due.isEmpty()) {
            awaitMarking(due.peek().nanos());
            goOnInTime(due.remove());
        }
    }

    private void goOnInTime(Due part) {
        if (now() - part.nanos() > LATEST_NANOS) {
            late++;
        } else {
            goOn(part);
        }
    }

    /** Its steps up to the next pause. */
    private void goOn(Due part) {
        Silent silent = part.silent();
        int end = end(silent, part.from());
        for (int at = part.from(); at < end; at++) {
            if (!comparison.compare(silent.scenario(), at)) {
                return;
            }
        }
        if (end < silent.scenario().steps().size()) {
            long pause = end < silent.opened() ? WARM_NANOS : silent.scenario().silentMillis() * 1_000_000;
            due.add(new Due(silent, end, now() + pause));
        }
    }

    private static int end(Silent silent, int from) {
        if (from < silent.warm()) {
            return silent.warm();
        }
        return from < silent.opened() ? silent.opened() : silent.scenario().steps().size();
    }

    /** The markers' own flow does not fall silent meanwhile. */
    private void awaitMarking(long until) throws InterruptedException {
        for (long left = until - now(); left > 0; left = until - now()) {
            Thread.sleep(Math.min(left, MARK_NANOS) / 1_000_000, (int) (Math.min(left, MARK_NANOS) % 1_000_000));
            comparison.mark(Tags.NONE);
        }
    }

    private long now() {
        return System.nanoTime() - begin;
    }
}
