package io.manx.itest.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.manx.itest.Bundles;
import io.manx.itest.Home;
import io.manx.testkit.EchoStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Stages change under traffic, and every packet that was sent arrives. */
class SwapIT {
    private static final int REPLACEMENTS = 40;
    private static Lab lab;
    private static RunningManx manx;
    private static Path deploy;

    @BeforeAll
    static void start() throws IOException {
        lab = new Lab("manx-sw");
        deploy = Files.createDirectories(lab.folder.resolve("deploy"));
        manx = RunningManx.start(
                lab, "--config", lab.sampleResources().toString(), "--deploy", deploy.toString());
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

    @Test
    void losesNothingWhilePolicyIsUpdatedByCommand() throws Exception {
        EchoStream traffic = lab.stream();
        for (int i = 1; i <= REPLACEMENTS; i++) {
            Path next = Bundles.withVersion(
                    Home.jar("io.manx.policy"), "1.0." + i, lab.folder.resolve("policy-" + (i % 2) + ".jar"));
            assertThat(manx.command("update", next.toString()).status()).isZero();
        }

        EchoStream.Report report = traffic.end();
        assertThat(report.sent()).isGreaterThan(10_000);
        assertThat(report.lost()).isZero();
        assertThat(stage("policy").get("version").asText()).isEqualTo("1.0." + REPLACEMENTS);
    }

    @Test
    void takesAStageInAndOutByTheDeployFolder() throws Exception {
        EchoStream traffic = lab.stream();
        Path jar = deploy.resolve("no-telnet.jar");
        Files.copy(Home.noTelnet(), deploy.resolve("no-telnet.next"));
        Files.move(deploy.resolve("no-telnet.next"), jar);
        await("no-telnet runs", () -> "running".equals(state("no-telnet")));
        Files.delete(jar);
        await("no-telnet is gone", () -> "".equals(state("no-telnet")));

        assertThat(traffic.end().lost()).isZero();
    }

    private static JsonNode stage(String name) {
        try {
            for (JsonNode stage : manx.json("stages")) {
                if (stage.get("name").asText().equals(name) && !stage.get("state").asText().equals("waiting")) {
                    return stage;
                }
            }
            return null;
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException("asking for the stages", e);
        }
    }

    private static String state(String name) {
        JsonNode stage = stage(name);
        return stage == null ? "" : stage.get("state").asText();
    }

    private static void await(String what, java.util.function.BooleanSupplier condition) {
        io.manx.itest.Await.until(what, condition);
    }
}
