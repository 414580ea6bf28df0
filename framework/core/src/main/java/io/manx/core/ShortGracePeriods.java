package io.manx.core;

import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Attaches and detaches with short grace periods where the machine lets us, and without where it does not. */
final class ShortGracePeriods {
    private static final Logger LOG = LoggerFactory.getLogger(ShortGracePeriods.class);

    private static boolean told;

    private ShortGracePeriods() {}

    /** Does the work, and passes on what it throws. */
    static void during(Runnable work) {
        GracePeriods.Short shortened = begin();
        try {
            work.run();
        } finally {
            end(shortened);
        }
    }

    private static GracePeriods.Short begin() {
        try {
            return GracePeriods.MACHINE.shorten();
        } catch (IOException e) {
            if (!told) {
                told = true;
                LOG.info("the kernel's grace periods can't be made short, so each interface takes some 30 ms: {}", e.toString());
            }
            return () -> {};
        }
    }

    private static void end(GracePeriods.Short shortened) {
        try {
            shortened.close();
        } catch (IOException e) {
            LOG.error("/sys/kernel/rcu_expedited stays at 1 ({}): `manx clean` puts it back once Manx has ended", e.toString());
        }
    }
}
