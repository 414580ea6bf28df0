package io.manx.itest.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.manx.itest.Bundles;
import io.manx.itest.Home;
import io.manx.itest.e2e.RunningManx.Answer;
import io.manx.testkit.EchoStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What was installed, updated and removed by command is so after the next start, too. */
class RememberedIT {
    private static Lab lab;
    private static Path config;
    private RunningManx manx;

    @BeforeAll
    static void prepare() throws IOException {
        lab = new Lab("manx-rm");
        config = lab.sampleResources();
    }

    @AfterAll
    static void remove() {
        lab.close();
    }

    @AfterEach
    void end() throws Exception {
        manx.close();
    }

    @Test
    void doesNotStartWithoutWhatWasInstalled() throws Exception {
        manx = start();
        assertThat(manx.command("install", Home.noTelnet().toString()).status()).isZero();
        manx.kill();
        Path kept;
        try (Stream<Path> files = Files.list(lab.folder.resolve("state/installed"))) {
            kept = files.findFirst().orElseThrow();
        }
        Files.writeString(kept, "no jar");

        manx = new RunningManx(lab, "--config", config.toString());

        assertThat(manx.ended()).isEqualTo(1);
        assertThat(manx.log()).contains("what was installed by command can't be had again: " + kept + ": not a jar");
        Files.delete(kept);
        manx = start();
        assertThat(stages()).doesNotContainKey("no-telnet");
    }

    @Test
    void startsWithWhatWasInstalledUpdatedAndRemoved() throws Exception {
        manx = start();
        carryOut("install", Home.noTelnet());
        carryOut("update", newer(Home.noTelnet(), "1.1.0"));
        carryOut("update", newer(Home.jar("io.manx.nat"), "1.2.0"));
        assertThat(manx.command("remove", "policy").status()).isZero();
        Map<String, String> before = stages();
        assertThat(before)
                .containsEntry("no-telnet", "1.1.0 running")
                .containsEntry("nat", "1.2.0 running")
                .doesNotContainKey("policy");
        EchoStream stream = lab.stream();
        manx.kill();
        manx = start();
        assertThat(stages()).isEqualTo(before);
        assertThat(stream.end().lost()).isZero();

        assertThat(manx.command("remove", "no-telnet").status()).isZero();
        carryOut("update", Home.jar("io.manx.nat"));
        carryOut("install", Home.jar("io.manx.policy"));
        Map<String, String> after = stages();
        assertThat(after).containsKey("policy").doesNotContainKey("no-telnet").doesNotContainEntry("nat", "1.2.0 running");
        assertThat(manx.interrupt()).isZero();
        manx = start();
        assertThat(stages()).isEqualTo(after);
    }

    /** One version, another content: a snapshot, say. */
    @Test
    void startsWithWhatWasUpdatedToTheSameVersionBuiltAgain() throws Exception {
        manx = start();
        carryOut("install", Home.noTelnet());
        String version = stages().get("no-telnet");
        assertThat(packets("no-telnet")).isEqualTo("every");
        Path again = Bundles.withCapability(Home.noTelnet(), "packets=every", "packets=first", lab.folder.resolve("again.jar"));

        carryOut("update", again);

        assertThat(packets("no-telnet")).isEqualTo("first");
        assertThat(stages()).containsEntry("no-telnet", version);
        manx.kill();
        manx = start();
        assertThat(packets("no-telnet")).isEqualTo("first");
        assertThat(manx.command("remove", "no-telnet").status()).isZero();
    }

    private String packets(String stage) throws Exception {
        for (JsonNode each : manx.json("stages")) {
            if (each.get("name").asText().equals(stage)) {
                return each.get("packets").asText();
            }
        }
        throw new AssertionError("there is no stage " + stage);
    }

    private static RunningManx start() throws IOException {
        return RunningManx.start(lab, "--config", config.toString());
    }

    private void carryOut(String command, Path jar) throws Exception {
        Answer answer = manx.command(command, jar.toString());
        assertThat(answer.status()).as(answer.err()).isZero();
    }

    private static Path newer(Path jar, String version) throws IOException {
        return Bundles.withVersion(jar, version, lab.folder.resolve("newer.jar"));
    }

    /** Version and state of each. */
    private Map<String, String> stages() throws Exception {
        Map<String, String> stages = new TreeMap<>();
        for (JsonNode stage : manx.json("stages")) {
            stages.merge(
                    stage.get("name").asText(),
                    stage.get("version").asText() + " " + stage.get("state").asText(),
                    (one, other) -> one + ", " + other);
        }
        return stages;
    }
}
