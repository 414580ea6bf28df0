package io.manx.dist;

import static java.nio.file.StandardWatchEventKinds.ENTRY_CREATE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_DELETE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_MODIFY;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Tells when the files of a folder have changed. What is built there, and what editors hide there, is not looked at. */
final class FolderWatch implements AutoCloseable {
    private static final int QUIET_MILLIS = 20;

    private final Path folder;
    private final WatchService service;
    private Map<Path, State> known;

    private record State(Instant changed, long bytes) {}

    FolderWatch(Path folder) throws IOException {
        this.folder = folder;
        this.service = folder.getFileSystem().newWatchService();
        this.known = look();
    }

    /** Returns once files differ from what they were at the last return. @return when the last one was saved */
    Instant awaitChange() throws IOException, InterruptedException {
        while (true) {
            WatchKey key = service.take();
            while (key != null) {
                key.pollEvents();
                key.reset();
                key = service.poll(QUIET_MILLIS, TimeUnit.MILLISECONDS);
            }
            Map<Path, State> now = look();
            if (!now.equals(known)) {
                Instant saved = lastSaved(now);
                known = now;
                return saved;
            }
        }
    }

    /** A file that is gone leaves no time behind: then it was now. */
    private Instant lastSaved(Map<Path, State> now) {
        return now.entrySet().stream()
                .filter(entry -> !entry.getValue().equals(known.get(entry.getKey())))
                .map(entry -> entry.getValue().changed())
                .max(Instant::compareTo)
                .orElseGet(Instant::now);
    }

    /** Also begins to watch folders that are new. */
    private Map<Path, State> look() throws IOException {
        Map<Path, State> found = new HashMap<>();
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes) throws IOException {
                if (!path.equals(folder) && isNotSource(path)) {
                    return FileVisitResult.SKIP_SUBTREE;
                }
                path.register(service, ENTRY_CREATE, ENTRY_MODIFY, ENTRY_DELETE);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path path, BasicFileAttributes attributes) {
                if (!isNotSource(path)) {
                    found.put(path, new State(attributes.lastModifiedTime().toInstant(), attributes.size()));
                }
                return FileVisitResult.CONTINUE;
            }

            /** An editor's file may be gone between the listing and the look; the next event tells. */
            @Override
            public FileVisitResult visitFileFailed(Path path, IOException e) throws IOException {
                if (Files.exists(path)) {
                    throw e;
                }
                return FileVisitResult.CONTINUE;
            }
        });
        return found;
    }

    private boolean isNotSource(Path path) {
        String name = path.getFileName().toString();
        return name.startsWith(".") || name.endsWith("~") || path.equals(folder.resolve("build"));
    }

    @Override
    public void close() throws IOException {
        service.close();
    }
}
