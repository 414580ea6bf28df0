package io.manx.core;

import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * Whether a stage's new version drops more than the one before.
 *
 * <p>Each reason's share of the packets that the stage has seen is held against its share before. It may be higher by half
 * a percentage point, by a quarter of what it was, and by four standard errors of the difference (pooled, as in the test
 * of two proportions; few packets prove little, and four let one comparison in 30,000 go wrong). It must also have more
 * drops a second than before: where traffic only grew less, the version is not to blame. That excuses no share of half
 * the packets and more: senders back off from a version that lets nothing through. A reason that was not there before
 * counts from zero. Nothing is judged before 100 packets and 10 drops.
 *
 * <p>Reasons that show a fault in the pipeline itself may not rise by the half point, and 3 such drops are enough.
 *
 * <p>With a highest share given, that alone counts, for all drops of a stage together; faults are judged as before.
 */
final class ProbationJudge {
    static final long ENOUGH_PACKETS = 100;
    static final long ENOUGH_DROPS = 10;
    static final long ENOUGH_FAULTS = 3;
    private static final double MARGIN = 0.005;
    private static final double OF_BEFORE = 0.25;
    private static final double NEVER_EXCUSED = 0.5;
    private static final double STANDARD_ERRORS = 4;
    private static final Set<String> FAULTS = Set.of("empty-slot", "redirect-failed", "wrong-hook");

    private final OptionalDouble maxShare;

    /** @param maxShare as {@link io.manx.core.view.Probation#maxDropShare} */
    ProbationJudge(OptionalDouble maxShare) {
        this.maxShare = maxShare;
    }

    /**
     * @param before what the version before counted
     * @param since what the new one has counted
     * @param last no more packets are waited for
     * @return what speaks against the new version: {@code drops policy-deny 0.0 % -> 4.2 % of packets in 6 s (allowed 0.5 %)}
     */
    Optional<String> objection(Window before, Window since, boolean last) {
        if (since.packets() < ENOUGH_PACKETS && !last) {
            return Optional.empty();
        }
        if (maxShare.isPresent() && isAboveMax(since)) {
            return Optional.of(String.format(
                    Locale.ROOT,
                    "drops %s of packets in %s (allowed %s)",
                    percent(since.share(since.dropped())), seconds(since), percent(maxShare.getAsDouble())));
        }
        return since.drops().keySet().stream()
                .filter(reason -> FAULTS.contains(reason) || maxShare.isEmpty())
                .filter(reason -> hasRisen(reason, before, since))
                .findFirst()
                .map(reason -> String.format(
                        Locale.ROOT,
                        "drops %s %s -> %s of packets in %s (allowed %s)",
                        reason,
                        percent(before.share(before.dropped(reason))),
                        percent(since.share(since.dropped(reason))),
                        seconds(since),
                        percent(allowed(reason, before, since))));
    }

    private boolean isAboveMax(Window since) {
        boolean enough = since.packets() >= ENOUGH_PACKETS || since.dropped() >= ENOUGH_DROPS;
        return enough && since.share(since.dropped()) > maxShare.getAsDouble();
    }

    private static boolean hasRisen(String reason, Window before, Window since) {
        long dropped = since.dropped(reason);
        double share = since.share(dropped);
        return dropped >= (FAULTS.contains(reason) ? ENOUGH_FAULTS : ENOUGH_DROPS)
                && share > allowed(reason, before, since)
                && (share >= NEVER_EXCUSED || since.rate(reason) > before.rate(reason));
    }

    private static double allowed(String reason, Window before, Window since) {
        double share = before.share(before.dropped(reason));
        double margin = FAULTS.contains(reason) ? 0 : MARGIN;
        return share * (1 + OF_BEFORE) + margin + STANDARD_ERRORS * standardError(reason, before, since);
    }

    /** 0 where nothing was seen before: there is nothing to be uncertain about then. */
    private static double standardError(String reason, Window before, Window since) {
        if (before.packets() == 0 || since.packets() == 0) {
            return 0;
        }
        double pooled = (double) (before.dropped(reason) + since.dropped(reason)) / (before.packets() + since.packets());
        double spread = Math.max(0, pooled * (1 - pooled));
        return Math.sqrt(spread * (1.0 / before.packets() + 1.0 / since.packets()));
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, share > 0 && share < 0.0005 ? "%.3f %%" : "%.1f %%", share * 100);
    }

    private static String seconds(Window window) {
        return Math.max(1, Math.round(window.time().toNanos() / 1e9)) + " s";
    }
}
