package io.manx.itest.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.manx.itest.Await;
import io.manx.itest.Home;
import io.manx.testkit.EchoStream;
import io.manx.testkit.Running;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an author of stages does: write one from the template, test it, drop it in, edit it while it runs. */
class AuthorsIT {
    private static final double LIVE_WITHIN_SECONDS = 2;
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final int EDITS = 5;
    private static final Pattern LIVE = Pattern.compile("live ([0-9.]+) s after the save");

    private static Lab lab;
    private static RunningManx manx;

    @BeforeAll
    static void start() throws IOException {
        lab = new Lab("manx-au");
        manx = RunningManx.start(lab, "--config", lab.sampleResources().toString());
    }

    @AfterAll
    static void stop() throws IOException {
        try {
            if (manx != null) {
                manx.close();
            }
        } finally {
            lab.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "with-control --java", "early --xdp", "early-with-control --xdp --java"})
    void buildsTestsAndDropsInAsItStands(String options) throws Exception {
        String name = options.split(" ")[0];
        Path folder = newStage(options);

        String report = lab.client.exec("make", "-C", folder.toString(), "test");
        assertThat(report).contains("[         0 tests failed          ]").doesNotContain("[         0 tests found");
        lab.client.exec("make", "-C", folder.toString());
        RunningManx.Answer installed = manx.command("install", folder.resolve("build/" + name + ".jar").toString());

        assertThat(installed.status()).as(installed.err()).isZero();
        assertThat(stage(name).get("state").asText()).as(stage(name).toString()).isEqualTo("running");
        assertThat(lab.client.attempt("ping", "-c", "2", "-i", "0.2", Lab.ADDRESS_ONE).status()).isZero();
        assertThat(manx.command("remove", name).status()).isZero();
    }

    @Test
    void keepsTheVersionBeforeWhatIsWrong() throws Exception {
        Path folder = newStage("wrong-edits");
        Path source = folder.resolve("src/wrong_edits.bpf.c");
        String good = Files.readString(source);
        try (Running dev = dev(folder)) {
            dev.awaitLine(LIVE.pattern(), SOON);
            String version = stage("wrong-edits").get("version").asText();

            save(source, good.replace("VERDICT_NEXT", "VERDICT_NONE"));
            dev.awaitLine("use of undeclared identifier 'VERDICT_NONE'", SOON);
            dev.awaitLine("not built; the version before it goes on", SOON);
            save(source, good.replace("if (packets)", ""));
            dev.awaitLine("refused: .*map_value_or_null.* \\(wrong_edits.bpf.c:[0-9]+\\)", SOON);
            dev.awaitLine("refused; the version before it goes on", SOON);

            assertThat(stage("wrong-edits").get("version").asText()).isEqualTo(version);
            assertThat(stage("wrong-edits").get("state").asText()).isEqualTo("running");
            assertThat(manx.command("remove", "wrong-edits").status()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"edited", "edited-early --xdp"})
    void isLiveWithinTwoSecondsOfSavingAndLosesNothing(String options) throws Exception {
        Path folder = newStage(options);
        String name = options.split(" ")[0];
        Path source = folder.resolve("src/" + name.replace('-', '_') + ".bpf.c");
        String first = Files.readString(source);
        try (Running dev = dev(folder)) {
            dev.awaitLine(LIVE.pattern(), SOON);
            EchoStream traffic = lab.stream();
            for (int i = 1; i <= EDITS; i++) {
                int lives = times(dev).size();
                save(source, first.replace("256)", 256 + "); /* edit " + i + " */ enum { EDIT = " + i + " }"));
                Await.until("edit " + i + " is live", () -> times(dev).size() > lives);
            }

            System.out.println("seconds from a save to the stage being live: " + times(dev));
            /* Of several, since others may want the machine at any one time. */
            assertThat(times(dev)).hasSize(EDITS + 1).anyMatch(seconds -> seconds < LIVE_WITHIN_SECONDS);
            EchoStream.Report report = traffic.end();
            assertThat(report.sent()).isGreaterThan(1000);
            assertThat(report.lost()).isZero();
            dev.signal("TERM");
            dev.awaitLine("stays installed; to take it out: manx remove example", SOON);
            assertThat(manx.command("remove", name).status()).isZero();
        }
    }

    private static Path newStage(String options) throws IOException {
        List<String> words = new ArrayList<>(List.of(options.split(" ")));
        Path folder = lab.folder.resolve(words.get(0));
        words.addAll(0, List.of(bin(), "new-stage", "--dir", folder.toString()));
        lab.client.exec(words.toArray(String[]::new));
        return folder;
    }

    private static Running dev(Path folder) {
        return lab.client.start(bin(), "dev", folder.toString(), "--socket", lab.folder.resolve("manx.sock").toString());
    }

    private static List<Double> times(Running dev) {
        return dev.output().lines().map(LIVE::matcher).filter(Matcher::matches).map(m -> Double.valueOf(m.group(1))).toList();
    }

    /** In one step, as editors do: a machine with too much to do must not build what is half written. */
    private static void save(Path source, String text) throws IOException {
        Path next = Files.writeString(source.resolveSibling(".next"), text);
        Files.move(next, source, StandardCopyOption.ATOMIC_MOVE);
    }

    private static JsonNode stage(String name) throws IOException, InterruptedException {
        for (JsonNode stage : manx.json("stages")) {
            if (stage.get("name").asText().equals(name)) {
                return stage;
            }
        }
        throw new AssertionError("no stage " + name + " in " + manx.json("stages"));
    }

    private static String bin() {
        return Home.ROOT.resolve("bin/manx").toString();
    }
}
