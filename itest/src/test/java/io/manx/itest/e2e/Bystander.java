package io.manx.itest.e2e;

import io.manx.itest.JavaProgram;
import io.manx.libbpf.BpfMap;
import io.manx.testkit.Namespace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A program of somebody else on an interface, which counts packets and lets them on. */
final class Bystander implements AutoCloseable {
    private static final Path OBJECT = Path.of("target/test-classes/META-INF/bpf/bystander.bpf.o").toAbsolutePath();
    private final Path pins;

    /** @param name of the folder below the machine's bpffs that its pins are in */
    private Bystander(String name) throws IOException {
        pins = Path.of("/sys/fs/bpf", name);
        removePins();
        Files.createDirectories(pins);
    }

    /** On ingress by a tcx link, behind the programs that are there now. */
    static Bystander tcx(Namespace namespace, String device, String name) throws IOException {
        Bystander bystander = new Bystander(name);
        JavaProgram.of(
                        BystanderMain.class, OBJECT.toString(), Integer.toString(namespace.ifindex(device)), bystander.pins.toString())
                .runIn(namespace);
        return bystander;
    }

    /** By a filter. @param side {@code ingress} or {@code egress}. @param preference lower ones come first */
    static Bystander filter(Namespace namespace, String device, String side, int preference, String name)
            throws IOException {
        Bystander bystander = new Bystander(name);
        String program = bystander.pins.resolve("program").toString();
        namespace.exec("bpftool", "prog", "load", OBJECT.toString(), program, "pinmaps", bystander.pins.toString());
        if (!namespace.exec("tc", "qdisc", "show", "dev", device).contains("clsact")) {
            namespace.exec("tc", "qdisc", "add", "dev", device, "clsact");
        }
        namespace.exec(
                "tc", "filter", "add", "dev", device, side, "pref", Integer.toString(preference),
                "bpf", "da", "object-pinned", program);
        return bystander;
    }

    /** Packets that reached it so far. */
    long seen() {
        try (BpfMap map = BpfMap.open(pins.resolve("seen"))) {
            return map.get(map.key().allocate())
                    .orElseThrow()
                    .order(ByteOrder.nativeOrder())
                    .getLong(0);
        }
    }

    @Override
    public void close() throws IOException {
        removePins();
    }

    private void removePins() throws IOException {
        if (!Files.isDirectory(pins)) {
            return;
        }
        List<Path> deepestFirst;
        try (Stream<Path> all = Files.walk(pins)) {
            deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        for (Path path : deepestFirst) {
            Files.delete(path);
        }
    }
}
