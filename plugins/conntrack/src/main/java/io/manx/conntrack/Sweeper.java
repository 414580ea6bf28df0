package io.manx.conntrack;

import io.manx.api.stage.MapWalk;
import io.manx.api.stage.StageContext;
import java.util.Collections;
import java.util.Iterator;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
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
    private static final long PERIOD_MILLIS = 3000;
    private static final long PAUSE_MILLIS = 1;
    private static final Map<String, String> TABLES = new TreeMap<>(Map.of(
            "manx_flows4", "conntrack_expire4",
            "manx_flows6", "conntrack_expire6",
            "manx_young4", "conntrack_expire4",
            "manx_young6", "conntrack_expire6"));

    private static final long CLOSE_SECONDS = 10;

    private final StageContext context;
    private final ScheduledExecutorService thread;
    private final FullWatch full;
    private boolean failed;
    private Iterator<String> turns = Collections.emptyIterator();

    Sweeper(StageContext context) {
        this.context = context;
        thread = Executors.newSingleThreadScheduledExecutor(work -> {
            Thread sweeping = new Thread(work, "manx-conntrack-sweep");
            sweeping.setDaemon(true);
            return sweeping;
        });
        full = new FullWatch(context, System::nanoTime, LOG::warn);
        thread.scheduleWithFixedDelay(this::sweepInTurn, PERIOD_MILLIS, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
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

    private void sweepInTurn() {
        if (!turns.hasNext()) {
            turns = TABLES.keySet().iterator();
        }
        String table = turns.next();
        try (MapWalk walk = context.walk(TABLES.get(table), table)) {
            while (!thread.isShutdown() && walk.step() > 0) {
                Thread.sleep(PAUSE_MILLIS);
            }
            full.look();
            failed = false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            complainOnce(e);
        }
    }

    /** A failure that lasts comes every three seconds; the next sweep takes out what this one left. */
    private void complainOnce(RuntimeException failure) {
        if (!failed) {
            LOG.warn("silent flows could not be taken out of the flow table, which may fill up; trying on every three seconds",
                    failure);
        }
        failed = true;
    }

    /** When it returns, no sweep is under way and none will be. */
    @Override
    public void close() {
        thread.shutdown();
        try {
            if (!thread.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("a sweep of the flow table is under way for more than {} s; it ends by itself", CLOSE_SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
