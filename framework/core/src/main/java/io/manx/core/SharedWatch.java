package io.manx.core;

import io.manx.api.network.Interface;
import io.manx.api.network.KernelNetwork;
import io.manx.api.network.KernelRoute;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The kernel's network, with one watch for all who follow it. The engine is told first and attaches; then the controls are
 * told, one after the other. Each with a watch of its own, all would read the same things from the kernel at the same
 * time, and an interface that comes would wait for all of them.
 */
final class SharedWatch implements KernelNetwork {
    private static final Logger LOG = LoggerFactory.getLogger(SharedWatch.class);

    private final KernelNetwork kernel;
    private final List<Follower> followers = new CopyOnWriteArrayList<>();
    private AutoCloseable watch;

    SharedWatch(KernelNetwork kernel) {
        this.kernel = kernel;
    }

    /** One who follows the network. */
    final class Follower implements AutoCloseable {
        private final Runnable changed;
        private boolean closed;

        private Follower(Runnable changed) {
            this.changed = changed;
        }

        private synchronized void tell() {
            if (!closed) {
                try {
                    changed.run();
                } catch (RuntimeException | LinkageError e) {
                    LOG.error("following the kernel's network failed, and goes on at its next change: {}", e.getMessage(), e);
                }
            }
        }

        /** When it returns no call is under way, unless it is called by that call. */
        @Override
        public void close() {
            synchronized (this) {
                closed = true;
            }
            leave(this);
        }
    }

    @Override
    public List<Interface> interfaces() {
        return kernel.interfaces();
    }

    @Override
    public Optional<Interface> interfaceNamed(String name) {
        return kernel.interfaceNamed(name);
    }

    @Override
    public List<KernelRoute> routes() {
        return kernel.routes();
    }

    @Override
    public Follower watch(Runnable changed) {
        return join(new Follower(changed), false);
    }

    /** As {@link #watch}, told before all others. */
    Follower watchFirst(Runnable changed) {
        return join(new Follower(changed), true);
    }

    private synchronized Follower join(Follower follower, boolean first) {
        followers.add(first ? 0 : followers.size(), follower);
        if (watch == null) {
            watch = kernel.watch(() -> followers.forEach(Follower::tell));
        }
        return follower;
    }

    private void leave(Follower follower) {
        AutoCloseable last = null;
        synchronized (this) {
            if (followers.remove(follower) && followers.isEmpty()) {
                last = watch;
                watch = null;
            }
        }
        /* Not under our lock: closing waits for a call under way, in which another may come or leave. */
        if (last != null) {
            end(last);
        }
    }

    private static void end(AutoCloseable watch) {
        try {
            watch.close();
        } catch (Exception e) {
            LOG.warn("ending the watch on the kernel's network: {}", e.getMessage(), e);
        }
    }
}
