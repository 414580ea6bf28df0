package io.manx.itest.e2e;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The kernel's memory that a process causes from here on, as a memory cgroup of its own counts it: programs, maps, links,
 * files. Each CPU takes its share in advance, so a figure is right to some 256 KiB a CPU.
 */
final class KernelMemory implements AutoCloseable {
    private final Path group;

    private KernelMemory(Path group) {
        this.group = group;
    }

    /**
     * @param name of the cgroup, before the process's number: those that killed runs have left are removed
     * @return empty where no cgroup can be made: none is mounted, or this is a container
     */
    static Optional<KernelMemory> of(long pid, String name) {
        for (String root : List.of("/sys/fs/cgroup/memory", "/sys/fs/cgroup")) {
            Path group = Path.of(root, name + "-" + pid);
            try {
                if (Files.isWritable(Path.of(root, "cgroup.procs"))) {
                    removeLeftovers(Path.of(root), name + "-");
                    KernelMemory memory = new KernelMemory(Files.createDirectory(group));
                    if (memory.bytes().isPresent()) {
                        Files.writeString(group.resolve("cgroup.procs"), Long.toString(pid));
                        return Optional.of(memory);
                    }
                    memory.close();
                }
            } catch (IOException e) {
                System.out.println("kernel memory is not measured: " + e);
            }
        }
        return Optional.empty();
    }

    /** Of processes that are no more; their cgroups are empty. */
    private static void removeLeftovers(Path root, String prefix) throws IOException {
        try (DirectoryStream<Path> groups = Files.newDirectoryStream(root, prefix + "*")) {
            for (Path group : groups) {
                String pid = group.getFileName().toString().substring(prefix.length());
                if (!Files.exists(Path.of("/proc", pid))) {
                    Files.deleteIfExists(group);
                }
            }
        }
    }

    private OptionalLong bytes() throws IOException {
        Path first = group.resolve("memory.kmem.usage_in_bytes");
        if (Files.exists(first)) {
            return OptionalLong.of(Long.parseLong(Files.readString(first).strip()));
        }
        Path second = group.resolve("memory.stat");
        return Files.exists(second)
                ? Files.readAllLines(second).stream()
                        .filter(line -> line.startsWith("kernel "))
                        .mapToLong(line -> Long.parseLong(line.substring("kernel ".length())))
                        .findFirst()
                : OptionalLong.empty();
    }

    long kilobytes() throws IOException {
        return bytes().orElseThrow() / 1024;
    }

    /** To be closed once the process has ended. */
    @Override
    public void close() throws IOException {
        Files.delete(group);
    }
}
