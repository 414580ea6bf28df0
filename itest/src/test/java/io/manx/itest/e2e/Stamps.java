package io.manx.itest.e2e;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/**
 * Versions of a bundle of two stages, of which the one that comes last drops every packet that did not meet the first in
 * its own version (stamp.h).
 */
final class Stamps {
    static final String NAME = "io.manx.itest.stamp";

    /** Which of the two comes first. */
    enum Side {
        LEFT,
        RIGHT;

        private String text() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    private static final Path OBJECTS = Path.of("target/test-classes/META-INF/bpf").toAbsolutePath();
    /* As in stamp.h. */
    private static final long NUMBER = 0x4d616e785374616dL;
    private static final long CHECKS = 0x4d616e7843686563L;

    private Stamps() {}

    /** The object of one of the two, for a version. */
    static byte[] object(Side side, int number, boolean checks) throws IOException {
        byte[] elf = Files.readAllBytes(OBJECTS.resolve("stamp_" + side.text() + ".bpf.o"));
        replace(elf, NUMBER, number);
        replace(elf, CHECKS, checks ? 1 : 0);
        return elf;
    }

    private static void replace(byte[] elf, long from, long to) {
        ByteBuffer bytes = ByteBuffer.wrap(elf).order(ByteOrder.nativeOrder());
        int found = -1;
        for (int at = 0; at <= elf.length - Long.BYTES; at++) {
            if (bytes.getLong(at) == from) {
                if (found >= 0) {
                    throw new IllegalStateException("the setting is in the object twice, at " + found + " and " + at);
                }
                found = at;
            }
        }
        if (found < 0) {
            throw new IllegalStateException("the setting is not in the object");
        }
        bytes.putLong(found, to);
    }

    /** The one right behind parse, the other right before forward: every packet of either lane meets both. */
    static Path jar(int number, Side first, Path file) throws IOException {
        Path next = file.resolveSibling(file.getFileName() + ".next");
        try (OutputStream out = Files.newOutputStream(next);
                JarOutputStream jar = new JarOutputStream(out, manifest(number, first))) {
            for (Side side : Side.values()) {
                jar.putNextEntry(new JarEntry(path(side)));
                jar.write(object(side, number, side != first));
                jar.closeEntry();
            }
        }
        return Files.move(next, file, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
    }

    private static Manifest manifest(int number, Side first) {
        Manifest manifest = new Manifest();
        Attributes main = manifest.getMainAttributes();
        main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        main.putValue("Bundle-ManifestVersion", "2");
        main.putValue("Bundle-SymbolicName", NAME);
        main.putValue("Bundle-Version", "1.0." + number);
        Side last = first == Side.LEFT ? Side.RIGHT : Side.LEFT;
        main.putValue("Provide-Capability",
                capability(first, number, "after=parse;before=conntrack") + ","
                        + capability(last, number, "after=routes;before=forward"));
        return manifest;
    }

    private static String capability(Side side, int number, String place) {
        return "manx.stage;manx.stage=stamp-" + side.text() + ";version:Version=\"1.0." + number
                + "\";hook=tc;packets=every;" + place + ";object=\"" + path(side) + "\"";
    }

    private static String path(Side side) {
        return "META-INF/bpf/stamp_" + side.text() + ".bpf.o";
    }
}
