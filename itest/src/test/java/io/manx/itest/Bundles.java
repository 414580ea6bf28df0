package io.manx.itest;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;

/** Copies of a bundle with something changed: another version, a broken object, a missing one. Made for one use, so not compressed. */
public final class Bundles {
    private Bundles() {}

    /** The same bundle and stages under another version. */
    public static Path withVersion(Path jar, String version, Path copy) throws IOException {
        return rewrite(jar, copy, main -> {
            main.putValue("Bundle-Version", version);
            String capabilities = main.getValue("Provide-Capability");
            main.putValue("Provide-Capability", capabilities.replaceAll("version:Version=\"[^\"]*\"", "version:Version=\"" + version + "\""));
        }, (name, bytes) -> bytes);
    }

    /** The same bundle with another text in its capabilities. */
    public static Path withCapability(Path jar, String from, String to, Path copy) throws IOException {
        return rewrite(jar, copy, main -> main.putValue("Provide-Capability", main.getValue("Provide-Capability").replace(from, to)), (name, bytes) -> bytes);
    }

    /** The same bundle with {@code object} for its BPF object; null leaves it out. */
    public static Path withObject(Path jar, byte[] object, Path copy) throws IOException {
        return rewrite(jar, copy, main -> {}, (name, bytes) -> name.endsWith(".bpf.o") ? object : bytes);
    }

    public static Path rewrite(
            Path jar, Path copy, Consumer<Attributes> manifest, BiFunction<String, byte[], byte[]> content)
            throws IOException {
        Path next = copy.resolveSibling(copy.getFileName() + ".next");
        try (JarFile in = new JarFile(jar.toFile())) {
            Manifest changed = new Manifest(in.getManifest());
            manifest.accept(changed.getMainAttributes());
            try (OutputStream file = Files.newOutputStream(next);
                    JarOutputStream out = new JarOutputStream(file, changed)) {
                out.setLevel(Deflater.NO_COMPRESSION);
                for (Enumeration<JarEntry> entries = in.entries(); entries.hasMoreElements(); ) {
                    copy(in, entries.nextElement(), out, content);
                }
            }
        }
        return Files.move(next, copy, java.nio.file.StandardCopyOption.ATOMIC_MOVE, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    }

    private static void copy(
            JarFile in, JarEntry entry, JarOutputStream out, BiFunction<String, byte[], byte[]> content)
            throws IOException {
        if (entry.isDirectory() || entry.getName().equals(JarFile.MANIFEST_NAME)) {
            return;
        }
        try (InputStream bytes = in.getInputStream(entry)) {
            byte[] changed = content.apply(entry.getName(), bytes.readAllBytes());
            if (changed != null) {
                out.putNextEntry(new ZipEntry(entry.getName()));
                out.write(changed);
                out.closeEntry();
            }
        }
    }
}
