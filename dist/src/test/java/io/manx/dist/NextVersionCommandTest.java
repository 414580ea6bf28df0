package io.manx.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NextVersionCommandTest {
    private static final String CAPABILITIES =
            "osgi.service;objectClass=\"a.B\";version:Version=\"7.0.0\",manx.stage;manx.stage=policy;before=\"nat,routes\";"
                    + "version:Version=\"%s\";hook=tc";

    @TempDir
    private Path folder;

    @Test
    void changesTheVersionsOfBundleAndStage() throws IOException {
        Path old = folder.resolve("old.jar");
        Manifest manifest = new Manifest();
        Attributes main = manifest.getMainAttributes();
        main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        main.putValue("Bundle-Version", "1.0.0");
        main.putValue("Provide-Capability", CAPABILITIES.formatted("1.0.0"));
        try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(old), manifest)) {
            jar.putNextEntry(new JarEntry("object"));
            jar.write(42);
        }

        Path next = folder.resolve("next.jar");
        assertThat(Main.execute("next-version", old.toString(), "1.1.0", next.toString())).isZero();

        try (JarFile jar = new JarFile(next.toFile())) {
            Attributes changed = jar.getManifest().getMainAttributes();
            assertThat(changed.getValue("Bundle-Version")).isEqualTo("1.1.0");
            assertThat(changed.getValue("Provide-Capability")).isEqualTo(CAPABILITIES.formatted("1.1.0"));
            assertThat(jar.getInputStream(jar.getEntry("object")).readAllBytes()).containsExactly(42);
        }
    }
}
