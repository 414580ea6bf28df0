package io.manx.resources;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a folder holds at one moment, without reading it: the files {@code *.yaml} and {@code *.yml} of it and its
 * subfolders, each with a stamp that changes when the file does. Names that start with a dot are passed over: editors
 * and ConfigMap volumes keep their own files under such names. Links are followed.
 *
 * @param folders every folder that was looked into, the first one included
 * @param stamps by file; inode, size and the times of change, or why there is none
 */
record FolderScan(List<Path> folders, SortedMap<Path, String> stamps) {

    /** @throws IOException if the folder, or one in it, is not there or can't be listed */
    static FolderScan of(Path folder) throws IOException {
        FolderScan scan = new FolderScan(new ArrayList<>(), new TreeMap<>());
        scan.add(folder, new HashSet<>());
        return scan;
    }

    private void add(Path folder, Set<Path> seen) throws IOException {
        if (!seen.add(folder.toRealPath())) {
            return;
        }
        folders.add(folder);
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                String name = entry.getFileName().toString();
                if (name.startsWith(".")) {
                    continue;
                }
                if (Files.isDirectory(entry)) {
                    add(entry, seen);
                } else if (name.endsWith(".yaml") || name.endsWith(".yml")) {
                    stamps.put(entry, stamp(entry));
                }
            }
        }
    }

    /** A link to nothing gets a stamp too, so that reading it reports it. */
    private static String stamp(Path file) {
        try {
            return Files.readAttributes(file, "unix:ino,size,lastModifiedTime,ctime").toString();
        } catch (IOException e) {
            return e.toString();
        }
    }
}
