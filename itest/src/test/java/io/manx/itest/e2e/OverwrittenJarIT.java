package io.manx.itest.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.manx.itest.Await;
import io.manx.itest.Bundles;
import io.manx.itest.Home;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A jar in the deploy folder is overwritten: with something bad, its stage stays; with something good, that follows. */
class OverwrittenJarIT {
    private static final String STAGE = "no-telnet";
    private static Lab lab;
    private static RunningManx manx;
    private static Path jar;

    @BeforeAll
    static void start() throws IOException {
        lab = new Lab("manx-oj");
        Path deploy = Files.createDirectories(lab.folder.resolve("deploy"));
        jar = deploy.resolve("no-telnet.jar");
        manx = RunningManx.start(lab, "--config", lab.sampleResources().toString(), "--deploy", deploy.toString());
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

    @BeforeEach
    void deployTheStage() throws IOException {
        drop(Home.noTelnet());
        Await.until("no-telnet runs", () -> state().equals("running"));
    }

    @AfterEach
    void removeTheStage() throws IOException {
        Files.deleteIfExists(jar);
        Await.until("no-telnet is gone", () -> state().isEmpty());
    }

    @Test
    void keepsTheStageWhenItsJarIsNoBundleAnyMore() throws IOException {
        int program = programId();
        Path garbage = Files.writeString(lab.folder.resolve("garbage"), "not a jar");
        drop(garbage);

        Await.until("Manx says so", () -> manx.log().contains(jar + " is there and is no longer the bundle"));
        assertThat(programId()).isEqualTo(program);
        assertThat(state()).isEqualTo("held");
    }

    @Test
    void keepsTheStageWhenItsNewBundleDoesNotResolve() throws IOException {
        int program = programId();
        drop(Bundles.rewrite(
                Home.noTelnet(),
                lab.folder.resolve("unresolvable.jar"),
                main -> main.putValue("Import-Package", "no.such.package"),
                (name, bytes) -> bytes));

        Await.until("the stage is held", () -> state().equals("held"));
        assertThat(programId()).isEqualTo(program);
    }

    @Test
    void followsAGoodSuccessorOfABadOne() throws IOException {
        drop(Files.writeString(lab.folder.resolve("garbage"), "not a jar"));
        Await.until("the stage is held", () -> state().equals("held"));

        drop(Bundles.withVersion(Home.noTelnet(), "1.1.0", lab.folder.resolve("next.jar")));

        Await.until("its successor runs", () -> state().equals("running"));
        assertThat(stage().get("version").asText()).isEqualTo("1.1.0");
    }

    private static void drop(Path content) throws IOException {
        Path part = jar.resolveSibling("no-telnet.part");
        Files.copy(content, part, StandardCopyOption.REPLACE_EXISTING);
        Files.move(part, jar, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static int programId() {
        return stage().get("programId").asInt();
    }

    private static String state() {
        JsonNode stage = stage();
        return stage == null ? "" : stage.get("state").asText();
    }

    private static JsonNode stage() {
        try {
            for (JsonNode stage : manx.json("stages")) {
                if (stage.get("name").asText().equals(STAGE)) {
                    return stage;
                }
            }
            return null;
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException("asking for the stages", e);
        }
    }
}
