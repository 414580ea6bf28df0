package io.manx.resources;

import io.manx.api.resource.Resources;
import io.manx.resources.yaml.Snapshot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The resources in a folder of YAML files, and every change of them.
 *
 * <p>The folder and its subfolders are watched, and looked at every {@value #RESCAN_MILLIS} ms besides, since a watch
 * sees neither what a link points to nor a folder that comes back. A change is read once nothing has happened for
 * {@value #QUIET_MILLIS} ms, or {@value #PATIENCE_MILLIS} ms after it began. All files make one snapshot: with one bad
 * document in it the whole of it is refused, and what was delivered last stays in force.
 */
public final class FolderSource implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FolderSource.class);
    private static final int RESCAN_MILLIS = 250;
    private static final int QUIET_MILLIS = 100;
    private static final int PATIENCE_MILLIS = 400;

    /** Told of changes, by one thread of the source's own. */
    public interface Listener {
        /** A new snapshot. It is taken to be in force when this returns. */
        void changed(Resources resources);

        /**
         * The folder holds something wrong; nothing changes. Called once for each such state, which is logged too.
         *
         * @param problems of all files, in the order of files and lines; never empty
         */
        void refused(List<Problem> problems);
    }

    private final Path folder;
    private final Listener listener;
    private final FolderReader reader;
    private final FolderWatch watch;
    private final Thread thread = new Thread(this::run, "manx-resources");

    private SortedMap<Path, String> stamps = Collections.emptySortedMap();
    private String gone = "";
    private boolean readBefore;
    private volatile boolean closed;

    /**
     * Reads nothing yet. The folder need not be there.
     *
     * @throws UncheckedIOException when the kernel gives no watch: raise fs.inotify.max_user_instances
     */
    public FolderSource(Path folder, Listener listener) {
        this.folder = folder;
        this.listener = listener;
        this.reader = new FolderReader(folder);
        try {
            this.watch = new FolderWatch(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "watching " + folder + "; raising fs.inotify.max_user_instances may help", e);
        }
        thread.setDaemon(true);
    }

    /**
     * Reads the folder now. What it holds, good or bad, is then known: the listener hears only of what differs.
     *
     * @throws InvalidResourcesException with every problem of every file
     * @throws IllegalStateException after {@link #start}
     */
    public Resources load() {
        if (thread.getState() != Thread.State.NEW) {
            throw new IllegalStateException(folder + " is being watched; the listener has its resources");
        }
        Reading reading = read();
        if (!reading.problems().isEmpty()) {
            throw new InvalidResourcesException("folder " + folder, reading.problems());
        }
        return reading.resources();
    }

    /** Begins to watch. Unless {@link #load} was called, the listener is told what the folder holds. */
    public void start() {
        thread.start();
    }

    /** Ends watching. When it returns the listener is not called any more, unless it is the listener that closes. */
    @Override
    public void close() {
        closed = true;
        try {
            watch.close();
            if (Thread.currentThread() != thread) {
                thread.join();
            }
        } catch (IOException e) {
            LOG.warn("closing the watch of {}: {}", folder, e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** @param different from the reading before */
    private record Reading(Resources resources, List<Problem> problems, boolean different) {}

    private void run() {
        try {
            if (!readBefore) {
                deliver(read());
            }
            while (!closed) {
                // A write too soon after the last look may leave the stamps as they were; the watch knows of it.
                boolean happened = watch.await(Duration.ofMillis(RESCAN_MILLIS));
                if (happened || moved()) {
                    settle();
                    deliver(read());
                }
            }
        } catch (InterruptedException | ClosedWatchServiceException e) {
            LOG.debug("{} is watched no more", folder);
        }
    }

    /** Waits while files are still being written, but not for ever. */
    private void settle() throws InterruptedException {
        long deadline = System.nanoTime() + Duration.ofMillis(PATIENCE_MILLIS).toNanos();
        boolean happened = true;
        while (happened && System.nanoTime() < deadline) {
            happened = watch.await(Duration.ofMillis(QUIET_MILLIS));
        }
    }

    private boolean moved() {
        try {
            return !FolderScan.of(folder).stamps().equals(stamps) || !gone.isEmpty();
        } catch (IOException e) {
            return !why(e).equals(gone);
        }
    }

    private Reading read() {
        boolean first = !readBefore;
        readBefore = true;
        try {
            FolderScan scan = FolderScan.of(folder);
            // First watched, then read: what happens in between is seen.
            watch.add(scan.folders());
            scan = FolderScan.of(folder);
            FolderReader.Outcome outcome = reader.read(scan);
            boolean different = first || !gone.isEmpty() || outcome.different();
            stamps = scan.stamps();
            gone = "";
            Snapshot snapshot = outcome.snapshot();
            return new Reading(snapshot.resources(), snapshot.problems(), different);
        } catch (IOException e) {
            boolean different = !why(e).equals(gone);
            gone = why(e);
            return new Reading(Resources.NONE, List.of(new Problem(folder.toString(), 0, 0, gone)), different);
        }
    }

    private String why(IOException e) {
        if (!Files.exists(folder)) {
            return "expected a folder of YAML files, found nothing; make it, or name another with --config";
        }
        if (!Files.isDirectory(folder)) {
            return "expected a folder of YAML files, found a file; name the folder it is in with --config";
        }
        return "this folder can't be listed: " + e;
    }

    private void deliver(Reading reading) {
        if (closed || !reading.different()) {
            return;
        }
        try {
            if (reading.problems().isEmpty()) {
                listener.changed(reading.resources());
            } else {
                String problems = new InvalidResourcesException("folder " + folder, reading.problems()).getMessage();
                LOG.warn("{}\nthe last good state stays in force", problems);
                listener.refused(reading.problems());
            }
        } catch (RuntimeException e) {
            LOG.error("taking the resources of {} into force failed; change a file to try again", folder, e);
        }
    }
}
