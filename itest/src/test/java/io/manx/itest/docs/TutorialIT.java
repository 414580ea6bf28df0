package io.manx.itest.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.manx.itest.Home;
import io.manx.itest.docs.ConsoleBlocks.Step;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Runs every command of docs/tutorial.md in its order, and compares what the page quotes of its output. */
class TutorialIT {
    private static final Duration COMMAND_ENDS = Duration.ofMinutes(5);
    private static final Duration OUTPUT_COMES = Duration.ofSeconds(60);
    private static final Path PAGE = Home.ROOT.resolve("docs/tutorial.md");
    private static final Path FOLDER = Path.of("/tmp/manx-tutorial");
    private static final List<String> NAMESPACES = List.of("manx-tutorial", "manx-tutorial-guest");

    private static Terminal terminal;
    private static boolean background;

    @BeforeAll
    static void open() throws Exception {
        removeWhatItMakes();
        terminal = new Terminal(Home.ROOT);
    }

    @AfterAll
    static void close() throws Exception {
        terminal.close();
        run(Home.ROOT.resolve("bin/manx").toString(), "clean", "--state", FOLDER.resolve("state").toString());
        removeWhatItMakes();
    }

    @Test
    void worksWordForWord() throws IOException {
        List<Step> steps = ConsoleBlocks.of(Files.readAllLines(PAGE));
        assertThat(steps).hasSizeGreaterThan(30);

        for (Step step : steps) {
            background |= step.command().endsWith("&");
            int status = terminal.run(step.command(), COMMAND_ENDS);
            String description = PAGE + ", " + step;
            boolean asQuoted = Terminal.await(() -> missing(step) == null, OUTPUT_COMES);
            assertThat(asQuoted)
                    .as("%s prints '%s', but printed:\n%s", description, missing(step), String.join("\n", terminal.output()))
                    .isTrue();
            assertThat(status).as("%s:\n%s", description, String.join("\n", terminal.output())).isZero();
        }
        assertThat(FOLDER).doesNotExist();
    }

    private static String missing(Step step) {
        return Quoted.missing(step.output(), terminal.output(), background);
    }

    private static void removeWhatItMakes() throws IOException, InterruptedException {
        for (String name : NAMESPACES) {
            if (Files.exists(Path.of("/run/netns", name))) {
                run("ip", "netns", "delete", name);
            }
        }
        if (Files.exists(FOLDER)) {
            try (Stream<Path> all = Files.walk(FOLDER)) {
                for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }

    private static void run(String... command) throws IOException, InterruptedException {
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor();
    }
}
