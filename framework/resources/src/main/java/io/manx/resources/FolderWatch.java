package io.manx.resources;

import static java.nio.file.StandardWatchEventKinds.ENTRY_CREATE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_DELETE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_MODIFY;

import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Waits until the kernel says that something happened in some folders. Where it can't say, it only waits. */
final class FolderWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FolderWatch.class);

    private final WatchService service;
    private final Set<Path> warned = new HashSet<>();

    /** @throws IOException EMFILE: the user's share of inotify instances is used up */
    FolderWatch(Path any) throws IOException {
        service = any.getFileSystem().newWatchService();
    }

    /** Watches these folders too. One that is watched already stays so; one that was made anew is watched again. */
    void add(List<Path> folders) {
        for (Path folder : folders) {
            try {
                folder.register(service, ENTRY_CREATE, ENTRY_DELETE, ENTRY_MODIFY);
            } catch (IOException e) {
                if (warned.add(folder)) {
                    LOG.warn("watching {}: {}; it is looked at again and again instead", folder, e.toString());
                }
            }
        }
    }

    /** @return whether something happened before the time was over */
    boolean await(Duration atMost) throws InterruptedException {
        WatchKey key = service.poll(atMost.toNanos(), TimeUnit.NANOSECONDS);
        boolean happened = key != null;
        while (key != null) {
            key.pollEvents();
            key.reset();
            key = service.poll();
        }
        return happened;
    }

    @Override
    public void close() throws IOException {
        service.close();
    }
}
