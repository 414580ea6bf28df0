package io.manx.core;

import io.manx.core.Tally.Stage;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/**
 * What one stage has counted between two moments, over all interfaces.
 *
 * @param packets that reached it
 * @param drops of these, by reason
 */
record Window(Duration time, long packets, Map<String, Long> drops) {
    static final Window NOTHING = new Window(Duration.ZERO, 0, Map.of());

    /** What {@code last} has and {@code first} lacks. A figure that fell began anew meanwhile, with its interface. */
    static Window between(Tally first, Tally last, Stage stage) {
        long packets = 0;
        for (var entry : last.packets().entrySet()) {
            if (entry.getKey().stage().equals(stage)) {
                packets += growth(first.packets().getOrDefault(entry.getKey(), 0L), entry.getValue());
            }
        }
        Map<String, Long> drops = new TreeMap<>();
        last.drops().forEach((drop, count) -> {
            long grown = growth(first.drops().getOrDefault(drop, 0L), count);
            if (drop.place().stage().equals(stage) && grown > 0) {
                drops.merge(drop.reason(), grown, Long::sum);
            }
        });
        return new Window(Duration.ofNanos(last.nanos() - first.nanos()), packets, drops);
    }

    private static long growth(long before, long after) {
        return after >= before ? after - before : after;
    }

    long dropped(String reason) {
        return drops.getOrDefault(reason, 0L);
    }

    long dropped() {
        return drops.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Of the packets, 0 to 1; 0 where there were none. */
    double share(long dropped) {
        return packets == 0 ? 0 : (double) dropped / packets;
    }

    /** Drops a second for a reason; 0 where no time has passed. */
    double rate(String reason) {
        return time.isZero() ? 0 : dropped(reason) / (time.toNanos() / 1e9);
    }
}
