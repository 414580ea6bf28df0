package io.manx.core;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one thread on which a data plane changes, so that one change follows the other. */
final class EngineThread implements ThreadedDataPlane.Caller {
    private static final Logger LOG = LoggerFactory.getLogger(EngineThread.class);

    private final ScheduledThreadPoolExecutor thread =
            new ScheduledThreadPoolExecutor(1, task -> new Thread(task, "manx-engine"));

    EngineThread() {
        thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /** Runs a task and waits for it. What it throws unchecked is thrown here. */
    @Override
    public <T> T call(Callable<T> task) {
        try {
            return thread.submit(task).get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for the engine", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            if (e.getCause() instanceof Error cause) {
                throw cause;
            }
            throw new IllegalStateException("a change failed: " + e.getCause().getMessage(), e.getCause());
        }
    }

    /** As {@link #call(Callable)}, for what gives nothing back. */
    void run(Runnable task) {
        call(Executors.callable(task));
    }

    /** @param doing for the log, should it fail: {@code following the interfaces} */
    void later(Duration delay, String doing, Runnable task) {
        thread.schedule(() -> guarded(doing, task), delay.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** As {@link #later}, at once, and waits for it. */
    void now(String doing, Runnable task) {
        run(() -> guarded(doing, task));
    }

    /** Again and again, with this long between the end of one and the begin of the next. */
    void every(Duration delay, String doing, Runnable task) {
        thread.scheduleWithFixedDelay(() -> guarded(doing, task), delay.toMillis(), delay.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** As {@link #run}, and nothing comes after it: what waits is cancelled, what comes is rejected. */
    void last(Runnable task) {
        run(() -> {
            try {
                task.run();
            } finally {
                thread.shutdown();
            }
        });
    }

    private static void guarded(String doing, Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            LOG.error("{} failed, the pipeline is unchanged: {}", doing, e.getMessage(), e);
        }
    }
}
