package io.manx.conntrack;

import io.manx.api.stage.StageContext;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the kernel take silent flows out, on a thread of its own: once a second one of the two tables, in turn.
 *
 * <p>A sweep visits every bucket of a table: 8 ms where the table is empty. Both tables each second would cost an idle
 * Manx twice as much for flows that live a second less.
 */
final class Sweeper implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Sweeper.class);
    private static final long PERIOD_MILLIS = 1000;
    private static final long CLOSE_SECONDS = 10;

    private final StageContext context;
    private final ScheduledExecutorService thread;
    private boolean failed;
    private boolean ipv6;

    Sweeper(StageContext context) {
        this.context = context;
        thread = Executors.newSingleThreadScheduledExecutor(work -> {
            Thread sweeping = new Thread(work, "manx-conntrack-sweep");
            sweeping.setDaemon(true);
            return sweeping;
        });
        thread.scheduleWithFixedDelay(this::sweepInTurn, PERIOD_MILLIS, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** How many flows one sweep of both tables takes out. */
    static int sweep(StageContext context) {
        return context.run("conntrack_expire4") + context.run("conntrack_expire6");
    }

    private void sweepInTurn() {
        ipv6 = !ipv6;
        try {
            context.run(ipv6 ? "conntrack_expire6" : "conntrack_expire4");
            failed = false;
        } catch (RuntimeException e) {
            complainOnce(e);
        }
    }

    /** A failure that lasts comes once a second; the next sweep takes out what this one left. */
    private void complainOnce(RuntimeException failure) {
        if (!failed) {
            LOG.warn("silent flows could not be taken out of the flow table, which may fill up; trying on each second",
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
