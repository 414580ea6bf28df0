package io.manx.bench.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.manx.bench.Given;
import io.manx.bench.result.Results;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadmeTest {
    private static final Results RUN = Given.run(Given.empty(10, 20), Given.monolith(50, 60), Given.manx(90, 120));

    @TempDir
    Path root;

    @BeforeEach
    void makeDocs() throws IOException {
        Files.createDirectory(root.resolve("docs"));
    }

    @Test
    void refusesAReadmeWithoutAPlaceForTheTable() throws IOException {
        Files.writeString(root.resolve("README.md"), "# Manx\n");

        assertThatThrownBy(() -> new Readme(RUN).write(root)).isInstanceOf(IOException.class).hasMessageContaining("<!-- bench -->");
        assertThat(root.resolve("docs")).isEmptyDirectory();
    }

    @Test
    void replacesWhatAnEarlierRunWroteAndNothingElse() throws IOException {
        Path readme = root.resolve("README.md");
        Files.writeString(readme, "before\n<!-- bench -->\nof yesterday\n<!-- /bench -->\nafter\n");

        new Readme(RUN).write(root);
        String once = Files.readString(readme);
        new Readme(RUN).write(root);

        assertThat(once).startsWith("before\n<!-- bench -->\n").endsWith("<!-- /bench -->\nafter\n").doesNotContain("yesterday")
                .contains("2026-11-28", "a processor", "| at most 1.3 | 2.25 (2.13 to 2.38) | **missed** |",
                        "(docs/bench-programs-established.svg)");
        assertThat(root.resolve("docs/bench-programs-established.svg")).isNotEmptyFile();
        assertThat(readme).hasContent(once);
    }
}
