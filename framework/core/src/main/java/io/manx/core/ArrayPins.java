package io.manx.core;

import io.manx.libbpf.BpfMap;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The pins of a hook's prog arrays, each under its generation's number. */
final class ArrayPins {
    private final Path folder;
    private List<Path> earlier;

    ArrayPins(Path folder) {
        this.folder = folder;
        this.earlier = pins(folder);
    }

    /** The highest number an earlier run has used; 0 where there was none. */
    int lastGeneration() {
        return earlier.stream()
                .mapToInt(pin -> Integer.parseInt(pin.getFileName().toString()))
                .max()
                .orElse(0);
    }

    void pin(int generation, BpfMap array) {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException("making " + folder + " for the pin of a prog array", e);
        }
        array.pin(of(generation));
    }

    void unpin(int generation) {
        MapStore.unpin(of(generation));
    }

    /** To be called once every attach point has left the arrays of the earlier run. */
    void forgetEarlier() {
        earlier.forEach(MapStore::unpin);
        earlier = List.of();
    }

    private Path of(int generation) {
        return folder.resolve(Integer.toString(generation));
    }

    private static List<Path> pins(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> found = Files.list(folder)) {
            return found.toList();
        } catch (IOException e) {
            throw new UncheckedIOException("listing the pinned prog arrays in " + folder, e);
        }
    }
}
