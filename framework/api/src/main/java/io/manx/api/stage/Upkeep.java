package io.manx.api.stage;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/**
 * What a {@link StageControl} does again and again while its stage is loaded, such as taking out what has grown old: on a
 * daemon thread of its own, one turn after the other, with a pause before each.
 *
 * <p>A turn that fails does not end it: the next one tries again. A failure that lasts is told of once.
 */
public final class Upkeep implements AutoCloseable {
    private static final long CLOSE_SECONDS = 10;

    private final String name;
    private final Turn turn;
    private final String failure;
    private final BiConsumer<String, Throwable> warn;
    private final ScheduledExecutorService thread;
    private boolean failing;

    /** One turn of the work. */
    @FunctionalInterface
    public interface Turn {
        /** @param upkeep a turn of many steps asks it between them whether it {@link #isClosed} */
        void take(Upkeep upkeep) throws InterruptedException;
    }

    /**
     * Begins with a pause.
     *
     * @param name of its thread
     * @param failure what to say when a turn fails: what does not get done, and what comes of it
     * @param warn where to say it: a logger's {@code warn}
     */
    public Upkeep(String name, Duration pause, Turn turn, String failure, BiConsumer<String, Throwable> warn) {
        this.name = name;
        this.turn = turn;
        this.failure = failure;
        this.warn = warn;
        thread = Executors.newSingleThreadScheduledExecutor(work -> {
            Thread daemon = new Thread(work, name);
            daemon.setDaemon(true);
            return daemon;
        });
        thread.scheduleWithFixedDelay(this::take, pause.toNanos(), pause.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void take() {
        try {
            turn.take(this);
            failing = false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | LinkageError e) {
            if (!failing) {
                warn.accept(failure, e);
            }
            failing = true;
        }
    }

    /** Whether the turn that is under way is the last. */
    public boolean isClosed() {
        return thread.isShutdown();
    }

    /** When it returns, no turn is under way and none will be; one that takes longer than ten seconds is told of, and left. */
    @Override
    public void close() {
        thread.shutdown();
        try {
            if (!thread.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                warn.accept(name + " is at work for more than " + CLOSE_SECONDS + " s; it ends by itself", null);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
