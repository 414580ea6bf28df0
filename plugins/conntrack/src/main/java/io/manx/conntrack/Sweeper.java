package io.manx.conntrack;

import io.manx.api.stage.MapWalk;
import io.manx.api.stage.StageContext;
import io.manx.api.stage.Upkeep;
import java.time.Duration;
import java.util.Collections;
import java.util.Iterator;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the kernel take silent flows out, on a thread of its own: the four tables one after the other, each a slice of some
 * hundred entries at a time, with a pause after each, so that packets and other tasks have the CPU in between.
 *
 * <p>A packet does not wait for it: one that finds a flow beyond its time begins a new one.
 */
final class Sweeper implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Sweeper.class);
    private static final Duration BETWEEN_TABLES = Duration.ofSeconds(3);
    private static final long PAUSE_MILLIS = 1;
    private static final Map<String, String> TABLES = new TreeMap<>(Map.of(
            "manx_flows4", "conntrack_expire4",
            "manx_flows6", "conntrack_expire6",
            "manx_young4", "conntrack_expire4",
            "manx_young6", "conntrack_expire6"));

    private final StageContext context;
    private final FullWatch full;
    private final Upkeep upkeep;
    private Iterator<String> turns = Collections.emptyIterator();

    Sweeper(StageContext context) {
        this.context = context;
        full = new FullWatch(context, System::nanoTime, LOG::warn);
        /* The next sweep takes out what a failed one left. */
        upkeep = new Upkeep(
                "manx-conntrack-sweep",
                BETWEEN_TABLES,
                this::sweepInTurn,
                "silent flows could not be taken out of the flow table, which may fill up; trying on every three seconds",
                LOG::warn);
    }

    /** Without pauses. @return how many flows one sweep of all tables took out */
    static long sweep(StageContext context) {
        Counts counts = new Counts(context);
        long before = counts.of("EXPIRED");
        TABLES.forEach((table, program) -> {
            try (MapWalk walk = context.walk(program, table)) {
                while (walk.step() > 0) {
                    continue;
                }
            }
        });
        return counts.of("EXPIRED") - before;
    }

    private void sweepInTurn(Upkeep sweeps) throws InterruptedException {
        if (!turns.hasNext()) {
            turns = TABLES.keySet().iterator();
        }
        String table = turns.next();
        try (MapWalk walk = context.walk(TABLES.get(table), table)) {
            while (!sweeps.isClosed() && walk.step() > 0) {
                Thread.sleep(PAUSE_MILLIS);
            }
            full.look();
        }
    }

    /** When it returns, no sweep is under way and none will be. */
    @Override
    public void close() {
        upkeep.close();
    }
}
