package io.manx.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is written, and what is refused; that it builds and passes its tests is itest's. */
class NewStageCommandTest {
    @TempDir
    private Path folder;

    @BeforeEach
    void useTheTemplatesOfTheSources() {
        System.setProperty("manx.home", "src/main/home");
    }

    @AfterEach
    void forget() {
        System.clearProperty("manx.home");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Hits", "9lives", "hit_count", "hit--count", "-x", "hit-", "policy"})
    void refusesANameThatIsNone(String name) {
        Path target = folder.resolve("stage");
        assertThat(Main.execute("new-stage", "--dir", target.toString(), "--", name)).isEqualTo(1);
        assertThat(target).doesNotExist();
    }

    @Test
    void refusesAFolderThatHoldsSomething() throws IOException {
        Files.writeString(folder.resolve("mine"), "kept");

        assertThat(write("hit-count")).isEqualTo(1);
        assertThat(folder.resolve("mine")).hasContent("kept");
        assertThat(folder.resolve("Makefile")).doesNotExist();
    }

    @Test
    void refusesAWordOfJavaForAPackage() {
        assertThat(write("new", "--java")).isEqualTo(1);
    }

    @Test
    void writesAStageWithNoJava() throws IOException {
        assertThat(write("hit-count")).isZero();

        assertThat(files())
                .containsExactly("MANIFEST.MF", "Makefile", "README.md", "src/hit_count.bpf.c", "test/HitCountTest.java");
        assertThat(folder.resolve("MANIFEST.MF")).content()
                .contains("manx.stage=hit-count;").contains("hook=tc").doesNotContain("control");
        assertThat(folder.resolve("src/hit_count.bpf.c")).content().contains("STAGE(hit_count)");
        assertNothingIsLeftToFillIn();
    }

    @Test
    void writesAStageForXdpWithAControl() throws IOException {
        assertThat(write("hit-count", "--xdp", "--java")).isZero();

        assertThat(files())
                .contains("java/example/hitcount/HitCountControl.java", "bundle/OSGI-INF/hit-count.xml")
                .contains("test/HitCountControlTest.java");
        assertThat(folder.resolve("MANIFEST.MF")).content()
                .contains("hook=xdp;packets=every;control=true\n").contains("Service-Component: OSGI-INF/hit-count.xml\n");
        assertNothingIsLeftToFillIn();
    }

    private int write(String... arguments) {
        return Main.execute(Stream.concat(Stream.of("new-stage", "--dir", folder.toString()), Stream.of(arguments))
                .toArray(String[]::new));
    }

    private void assertNothingIsLeftToFillIn() throws IOException {
        for (String file : files()) {
            assertThat(file).doesNotContain("@");
            assertThat(folder.resolve(file)).content().doesNotContainPattern("@[A-Z_]+@");
        }
    }

    private List<String> files() throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile)
                    .map(path -> folder.relativize(path).toString())
                    .sorted()
                    .toList();
        }
    }
}
