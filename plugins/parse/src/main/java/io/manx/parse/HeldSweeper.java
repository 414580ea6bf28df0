package io.manx.parse;

import io.manx.api.stage.StageContext;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Has the kernel drop, and count, fragments that have been held for too long; every few seconds, on a thread of its own. */
final class HeldSweeper implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HeldSweeper.class);
    private static final long PERIOD_SECONDS = 5;
    private static final long CLOSE_SECONDS = 10;

    private final StageContext context;
    private final ScheduledExecutorService thread;
    private boolean failed;

    HeldSweeper(StageContext context) {
        this.context = context;
        thread = Executors.newSingleThreadScheduledExecutor(work -> {
            Thread sweeping = new Thread(work, "manx-parse-sweep");
            sweeping.setDaemon(true);
            return sweeping;
        });
        thread.scheduleWithFixedDelay(this::sweep, PERIOD_SECONDS, PERIOD_SECONDS, TimeUnit.SECONDS);
    }

    private void sweep() {
        try {
            context.run("parse_expire");
            failed = false;
        } catch (RuntimeException e) {
            complainOnce(e);
        }
    }

    /** A failure that lasts comes every few seconds; fragments that come later throw these ones out all the same. */
    private void complainOnce(RuntimeException failure) {
        if (!failed) {
            LOG.warn("held fragments whose datagram never began could not be taken out, and are counted as dropped only"
                    + " when others need their place; trying on", failure);
        }
        failed = true;
    }

    /** When it returns, no sweep is under way and none will be. */
    @Override
    public void close() {
        thread.shutdown();
        try {
            if (!thread.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("a sweep of held fragments is under way for more than {} s; it ends by itself", CLOSE_SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
