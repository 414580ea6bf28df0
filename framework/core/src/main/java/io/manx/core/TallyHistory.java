package io.manx.core;

import io.manx.core.Tally.Stage;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;

/** Tallies of the last minute, one every ten seconds: what a stage did before it is replaced. */
final class TallyHistory {
    static final Duration STEP = Duration.ofSeconds(10);
    private static final int KEPT = 7;

    private final Deque<Tally> tallies = new ArrayDeque<>();

    /** Whether the next one should be taken. */
    boolean isDue(long nanos) {
        return tallies.isEmpty() || nanos - tallies.getLast().nanos() >= STEP.toNanos();
    }

    void add(Tally tally) {
        tallies.addLast(tally);
        if (tallies.size() > KEPT) {
            tallies.removeFirst();
        }
    }

    /** A tally in which a stage that packets are routed around for now has what it had before. */
    Tally complete(Tally tally) {
        if (tallies.isEmpty()) {
            return tally;
        }
        Map<Tally.Place, Long> packets = new HashMap<>(tallies.getLast().packets());
        packets.putAll(tally.packets());
        return new Tally(tally.nanos(), packets, tally.drops(), tally.versions());
    }

    /** What a stage counted in the last minute, as far back as it had the version that it has now. */
    Window until(Tally now, Stage stage) {
        Tally first = now;
        for (Iterator<Tally> back = tallies.descendingIterator(); back.hasNext(); ) {
            Tally earlier = back.next();
            if (!now.versions().get(stage).equals(earlier.versions().get(stage))) {
                break;
            }
            first = earlier;
        }
        return Window.between(first, now, stage);
    }
}
