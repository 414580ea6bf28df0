package io.manx.itest.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.manx.itest.Await;
import io.manx.itest.e2e.RunningManx.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Of a bundle installed by command, the next start has the version that has last stood by itself. */
class ProbationMemoryIT {
    private Lab lab;
    private Path config;
    private RunningManx manx;

    @BeforeEach
    void start() throws Exception {
        lab = new Lab("manx-probmem");
        config = lab.sampleResources();
        run();
        carryOut("install", Guard.good("1.0.0", lab.folder.resolve("first.jar")));
        assertThat(remembered()).containsExactly(Guard.BUNDLE + "_1.0.0.jar");
    }

    @AfterEach
    void stop() throws IOException {
        try {
            if (manx != null) {
                manx.close();
            }
        } finally {
            lab.close();
        }
    }

    private void run() throws IOException {
        manx = RunningManx.start(lab, "--config", config.toString());
    }

    @Test
    void hasTheVersionBeforeOneThatWasStillOnProbation() throws Exception {
        carryOut("update", bad("1.1.0"), "--probation", "1h");
        assertThat(remembered()).containsExactly(Guard.BUNDLE + "_1.0.0.jar");

        assertThatTheNextStartHas("1.0.0");
    }

    @Test
    void hasTheVersionThatStoodAndNotTheOneThatFailedAfterIt() throws Exception {
        carryOut("update", Guard.good("1.1.0", lab.folder.resolve("next.jar")), "--probation", "3s");
        Await.until("it has stood its probation", () -> guard("state").equals("running"));
        assertThat(remembered()).containsExactly(Guard.BUNDLE + "_1.1.0.jar");

        carryOut("update", bad("1.2.0"), "--probation", "10m");
        Await.until("the version before is back", () -> {
            send200Datagrams();
            return guard("why").startsWith("back to 1.1.0");
        });
        assertThat(remembered()).containsExactly(Guard.BUNDLE + "_1.1.0.jar");

        assertThatTheNextStartHas("1.1.0");
    }

    private void assertThatTheNextStartHas(String version) throws Exception {
        manx.kill();
        run();
        assertThat(guard("version")).isEqualTo(version);
        assertThat(guard("state")).isEqualTo("running");
        assertThat(remembered()).containsExactly(Guard.BUNDLE + "_" + version + ".jar");
    }

    // ---- helpers

    private Path bad(String version) throws IOException {
        return Guard.dropping(version, lab.folder.resolve("bad.jar"));
    }

    private void carryOut(String command, Path jar, String... options) throws Exception {
        String[] words = Stream.concat(Stream.of(command, jar.toString()), Stream.of(options)).toArray(String[]::new);
        Answer answer = manx.command(words);
        assertThat(answer.status()).as(answer.err()).isZero();
    }

    private void send200Datagrams() {
        lab.client.exec("bash", "-c", "for i in {1..200}; do echo > /dev/udp/" + Lab.ADDRESS_ONE + "/" + Lab.CLOSED_PORT + "; done");
    }

    private List<String> remembered() throws IOException {
        try (Stream<Path> files = Files.list(lab.folder.resolve("state/installed"))) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    private String guard(String field) {
        try {
            for (JsonNode stage : manx.json("stages")) {
                if (stage.get("name").asText().equals("guard")) {
                    return stage.get(field).asText();
                }
            }
            return "";
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException("asking for stages", e);
        }
    }
}
