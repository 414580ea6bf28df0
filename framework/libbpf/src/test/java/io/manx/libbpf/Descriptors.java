package io.manx.libbpf;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * This process's open descriptors of the kinds that this module opens: BPF objects, sockets, network namespaces. Jars
 * and pipes are the JVM's, which closes them when it likes.
 */
public final class Descriptors {
    private static final Path OPEN = Path.of("/proc/self/fd");

    private Descriptors() {}

    public static long open() {
        try (Stream<Path> all = Files.list(OPEN)) {
            return all.filter(Descriptors::isOurs).count();
        } catch (IOException e) {
            throw new UncheckedIOException("listing " + OPEN, e);
        }
    }

    private static boolean isOurs(Path descriptor) {
        if (!Files.isSymbolicLink(descriptor)) {
            return false; // the listing's own, closed meanwhile
        }
        try {
            String is = Files.readSymbolicLink(descriptor).toString();
            return Stream.of("anon_inode:", "socket:", "net:").anyMatch(is::startsWith);
        } catch (IOException closedMeanwhile) {
            return false;
        }
    }
}
