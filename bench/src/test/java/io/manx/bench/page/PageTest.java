package io.manx.bench.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.manx.bench.Given;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PageTest {
    @TempDir
    Path folder;

    @Test
    void holdsTheMachineTheBarsAndThePicturesItself() throws IOException {
        Path file = folder.resolve("run.html");

        new Page(Given.run(Given.empty(10, 20), Given.monolith(50, 60), Given.manx(90, 120))).write(file, folder.resolve("run"));

        String page = Files.readString(file);
        assertThat(page)
                .contains("a processor", "2026-11-28T09:00:00Z", "at most 1.3", "missed", "a &lt;note&gt;", "data:image/svg+xml;base64,")
                .doesNotContain("a <note>");
        assertThat(page.replaceAll("base64,[^\"]*", "")).doesNotContain("http:", "https:", "src=\"/", "<script");
    }

    @Test
    void drawsThePicturesAsFilesToo() throws IOException {
        new Page(Given.run(Given.empty(10, 20), Given.monolith(50, 60), Given.manx(90, 120)))
                .write(folder.resolve("run.html"), folder.resolve("run"));

        try (Stream<Path> pictures = Files.list(folder.resolve("run"))) {
            assertThat(pictures.toList()).isNotEmpty().allMatch(picture -> isPictureWithManx(picture));
        }
    }

    /** Letters are drawn as curves; Manx's bars have a colour of their own. */
    private static boolean isPictureWithManx(Path picture) {
        try {
            String svg = Files.readString(picture);
            return svg.contains("<svg") && svg.contains("fill:rgb(0,114,178)");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
