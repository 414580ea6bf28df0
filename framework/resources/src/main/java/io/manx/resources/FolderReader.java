package io.manx.resources;

import io.manx.resources.yaml.FileContent;
import io.manx.resources.yaml.Snapshot;
import io.manx.resources.yaml.YamlReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads the files of a folder; those whose bytes haven't changed since the last time aren't parsed again. */
final class FolderReader {
    private final Path folder;
    private Map<String, Read> last = Map.of();

    /** @param bytes empty where the file could not be read, which content's problems then say */
    private record Read(byte[] bytes, FileContent content) {}

    FolderReader(Path folder) {
        this.folder = folder;
    }

    /** What was read, and whether that differs from what was read before. */
    record Outcome(Snapshot snapshot, boolean different) {}

    Outcome read(FolderScan scan) {
        Map<String, Read> now = new HashMap<>();
        boolean different = false;
        for (Path path : scan.stamps().keySet()) {
            String name = folder.relativize(path).toString();
            Read before = last.get(name);
            Read read = read(path, name, before);
            now.put(name, read);
            different |= before == null || before != read && !before.content().equals(read.content());
        }
        different |= !now.keySet().equals(last.keySet());
        last = now;
        List<FileContent> contents =
                now.keySet().stream().sorted().map(name -> now.get(name).content()).toList();
        return new Outcome(new Snapshot(contents), different);
    }

    private static Read read(Path path, String name, Read before) {
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(path);
        } catch (NoSuchFileException e) {
            String where = Files.isSymbolicLink(path) ? " where this link points" : "";
            return unreadable(name, "expected a file, found none" + where);
        } catch (IOException e) {
            return unreadable(name, "can't be read: " + e);
        }
        if (before != null && bytes.length > 0 && Arrays.equals(bytes, before.bytes())) {
            return before;
        }
        try {
            String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
            return new Read(bytes, YamlReader.read(name, text));
        } catch (CharacterCodingException e) {
            return new Read(bytes, new FileContent(List.of(), List.of(new Problem(name, 0, 0, "is not in UTF-8"))));
        }
    }

    private static Read unreadable(String name, String why) {
        return new Read(new byte[0], new FileContent(List.of(), List.of(new Problem(name, 0, 0, why))));
    }
}
