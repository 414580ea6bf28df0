package io.manx.libbpf;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A bpffs of the test's own; closing it takes every pin in it away. */
final class PinFolder implements AutoCloseable {
    private final Path folder;

    PinFolder() {
        try {
            folder = Files.createTempDirectory("manx-libbpf-pins");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Bpffs.mount(folder);
    }

    Path path() {
        return folder;
    }

    Path pin(String name) {
        return folder.resolve(name);
    }

    @Override
    public void close() {
        OwnNetwork.Commands.run("umount", folder.toString());
        try {
            Files.delete(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
