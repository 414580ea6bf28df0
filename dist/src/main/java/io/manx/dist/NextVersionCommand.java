package io.manx.dist;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.concurrent.Callable;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code next-version}: a copy of a stage's bundle under another version, to practise updates with. */
@Command(
        name = "next-version",
        description = "Copies a stage's bundle and gives the copy another version.",
        mixinStandardHelpOptions = true,
        hidden = true)
final class NextVersionCommand implements Callable<Integer> {
    private static final String CAPABILITIES = "Provide-Capability";

    /** One clause up to its version; a comma between quotes does not end it. */
    private static final String VERSION_OF_A_STAGE =
            "(manx\\.stage;(?:[^,\"]|\"[^\"]*\")*?version:Version=)\"[^\"]*\"";

    @Parameters(index = "0", paramLabel = "FILE", description = "The bundle.")
    private Path from;

    @Parameters(index = "1", paramLabel = "VERSION", description = "For example 1.1.0.")
    private String version;

    @Parameters(index = "2", paramLabel = "COPY", description = "The new bundle.")
    private Path to;

    @Override
    public Integer call() throws IOException {
        try (JarFile bundle = new JarFile(from.toFile())) {
            Manifest manifest = bundle.getManifest();
            Attributes main = manifest.getMainAttributes();
            setVersion(main, version);
            try (JarOutputStream copy = new JarOutputStream(Files.newOutputStream(to), manifest)) {
                copy(bundle, copy);
            }
        }
        return 0;
    }

    /** Of the bundle, and of its stages. */
    static void setVersion(Attributes manifest, String version) {
        manifest.putValue("Bundle-Version", version);
        manifest.putValue(
                CAPABILITIES,
                manifest.getValue(CAPABILITIES).replaceAll(VERSION_OF_A_STAGE, "$1\"" + version + '"'));
    }

    private static void copy(JarFile from, JarOutputStream to) throws IOException {
        for (Enumeration<JarEntry> entries = from.entries(); entries.hasMoreElements(); ) {
            JarEntry entry = entries.nextElement();
            if (!entry.getName().equals(JarFile.MANIFEST_NAME)) {
                to.putNextEntry(new JarEntry(entry.getName()));
                from.getInputStream(entry).transferTo(to);
                to.closeEntry();
            }
        }
    }
}
