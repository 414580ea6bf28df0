package io.manx.routes;

import io.manx.api.network.KernelNetwork;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does a piece of work whenever the kernel's network changes, and when asked to; never two at once. */
final class Follower implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Follower.class);

    private final String what;
    private final Runnable work;
    private AutoCloseable watch;

    private Follower(String what, Runnable work) {
        this.what = what;
        this.work = work;
    }

    /**
     * Does the work once, and then at each change.
     *
     * @param what is brought up to date, for messages: {@code the route table}
     * @throws RuntimeException the work's; nothing is followed then
     */
    static Follower start(KernelNetwork network, String what, Runnable work) {
        Follower follower = new Follower(what, work);
        // Watched before the first reading: no change is missed between the two.
        follower.watch = network.watch(follower::changed);
        try {
            follower.now();
        } catch (RuntimeException e) {
            follower.close();
            throw e;
        }
        return follower;
    }

    /** Does the work on the caller's thread, and passes on what it throws. */
    synchronized void now() {
        work.run();
    }

    private void changed() {
        try {
            now();
        } catch (RuntimeException e) {
            LOG.error("{} could not follow the kernel's network and stays as it was until the next change: {}",
                    what, e.getMessage(), e);
        }
    }

    /** When it returns no work is under way and none will come. Not to be called by the work. */
    @Override
    public void close() {
        try {
            watch.close();
        } catch (Exception e) {
            LOG.warn("the watch on the kernel's network that keeps {} up to date did not end: {}",
                    what, e.getMessage(), e);
        }
    }
}
