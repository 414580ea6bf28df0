package io.manx.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderWatchTest {
    @TempDir
    private Path folder;

    private Path source;
    private FolderWatch watch;

    @BeforeEach
    void watch() throws IOException {
        source = Files.createDirectory(folder.resolve("src")).resolve("a.bpf.c");
        Files.createDirectory(folder.resolve("build"));
        Files.writeString(source, "first");
        watch = new FolderWatch(folder);
    }

    @AfterEach
    void close() throws IOException {
        watch.close();
    }

    @Test
    void ignoresWhatIsBuiltAndWhatEditorsHide() throws Exception {
        CompletableFuture<Instant> change = change();
        Files.writeString(folder.resolve("build/a.bpf.o"), "built");
        Files.writeString(folder.resolve("src/.a.bpf.c.swp"), "hidden");
        Files.writeString(folder.resolve("src/a.bpf.c~"), "older");

        assertThat(change).failsWithin(300, TimeUnit.MILLISECONDS);
    }

    @Test
    void tellsWhenAFileWasSaved() throws Exception {
        CompletableFuture<Instant> change = change();
        /* A write is two changes, between which a busy machine may do other things: of this there is one. */
        FileTime saved = FileTime.from(Instant.parse("2026-01-02T03:04:05Z"));
        Files.setLastModifiedTime(source, saved);

        assertThat(change.get(60, TimeUnit.SECONDS)).isEqualTo(saved.toInstant());
    }

    @Test
    void seesAFileThatAnEditorRenamesIntoPlace() throws Exception {
        CompletableFuture<Instant> change = change();
        Path next = Files.writeString(folder.resolve("src/.next"), "renamed version");
        Files.move(next, source, java.nio.file.StandardCopyOption.REPLACE_EXISTING);

        assertThat(change.get(60, TimeUnit.SECONDS)).isNotNull();
    }

    @Test
    void seesFilesInANewFolder() throws Exception {
        CompletableFuture<Instant> change = change();
        Files.writeString(Files.createDirectory(folder.resolve("java")).resolve("A.java"), "class A {}");

        assertThat(change.get(60, TimeUnit.SECONDS)).isNotNull();
    }

    private CompletableFuture<Instant> change() {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return watch.awaitChange();
            } catch (IOException | InterruptedException e) {
                throw new CompletionException(e);
            }
        });
    }
}
