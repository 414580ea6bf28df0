package io.manx.itest.e2e;

import io.manx.libbpf.BpfMap;
import io.manx.testkit.Namespace;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * Counts the datagrams that reach an interface by their port, from {@link #FIRST_PORT} on, and takes them away: where
 * they are counted no socket's buffer can have lost one.
 */
final class Arrivals implements AutoCloseable {
    /** As in arrivals.bpf.c. */
    static final int FIRST_PORT = 5201;

    private static final Path OBJECT = Path.of("target/test-classes/META-INF/bpf/arrivals.bpf.o").toAbsolutePath();
    private final Path pins;
    private final BpfMap map;

    Arrivals(Namespace namespace, String device) throws IOException {
        pins = Path.of("/sys/fs/bpf", namespace.name());
        removePins();
        Files.createDirectories(pins);
        String program = pins.resolve("program").toString();
        namespace.exec("bpftool", "prog", "load", OBJECT.toString(), program, "pinmaps", pins.toString());
        namespace.exec("tc", "qdisc", "add", "dev", device, "clsact");
        namespace.exec("tc", "filter", "add", "dev", device, "ingress", "bpf", "da", "object-pinned", program);
        map = BpfMap.open(pins.resolve("arrived"));
        removePins();
    }

    /** Since it is there. */
    long at(int port) {
        ByteBuffer key = map.key().allocate().order(ByteOrder.nativeOrder()).putInt(0, port - FIRST_PORT);
        return map.get(key).orElseThrow().order(ByteOrder.nativeOrder()).getLong(0);
    }

    /** The filter itself goes with its interface. */
    @Override
    public void close() {
        map.close();
    }

    private void removePins() throws IOException {
        if (Files.isDirectory(pins)) {
            try (Stream<Path> files = Files.list(pins)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(pins);
        }
    }
}
