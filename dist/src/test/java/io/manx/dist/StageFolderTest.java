package io.manx.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StageFolderTest {
    @TempDir
    private Path folder;

    @BeforeEach
    void fill() throws IOException {
        Files.writeString(folder.resolve("Makefile"), "contents:\n\t@mkdir -p build/bundle\n\t@echo 42 > build/bundle/object\n");
        manifest("""
                Bundle-SymbolicName: example.hits
                Bundle-Version: 1.2
                Provide-Capability: manx.stage;manx.stage=hits;version:Version="1.2.0";hook=tc
                """);
    }

    private void manifest(String text) throws IOException {
        Files.writeString(folder.resolve("MANIFEST.MF"), "Manifest-Version: 1.0\n" + text);
    }

    @Test
    void refusesAFolderThatHoldsNoStage() throws IOException {
        Files.delete(folder.resolve("Makefile"));

        assertThatThrownBy(() -> StageFolder.of(folder)).hasMessageContaining("no Makefile").hasMessageContaining("new-stage");
    }

    @Test
    void refusesAManifestThatSaysNothingOfAStage() throws Exception {
        manifest("Bundle-SymbolicName: example.hits\n");

        assertThatThrownBy(() -> StageFolder.of(folder).pack()).hasMessageContaining("Provide-Capability: manx.stage");
    }

    @Test
    void tellsThatItDoesNotCompile() throws Exception {
        Files.writeString(folder.resolve("Makefile"), "contents:\n\t@false\n");

        assertThat(StageFolder.of(folder).compile()).isFalse();
    }

    @Test
    void packsWhatWasCompiledUnderAVersionAboveAllBefore() throws Exception {
        StageFolder stage = StageFolder.of(folder);
        assertThat(stage.compile()).isTrue();

        Path jar = stage.pack();

        assertThat(stage.bundle()).isEqualTo("example.hits");
        try (JarFile packed = new JarFile(jar.toFile())) {
            Attributes main = packed.getManifest().getMainAttributes();
            String version = main.getValue("Bundle-Version");
            assertThat(version).matches("1\\.2\\.0\\.dev\\d{17}");
            assertThat(main.getValue("Provide-Capability")).contains("version:Version=\"" + version + "\"");
            assertThat(packed.getInputStream(packed.getEntry("object"))).hasContent("42\n");
        }
    }
}
