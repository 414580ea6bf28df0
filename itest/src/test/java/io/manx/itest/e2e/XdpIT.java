package io.manx.itest.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.manx.itest.Await;
import io.manx.itest.Home;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The example stage on xdp comes and goes; connections through the pipelines on tc don't notice. */
class XdpIT {
    private static final String GATEWAY = "10.99.1.1";
    private static final String GATEWAY6 = "fd99:1::1";
    private static final String STAGE = "xdp-drop-icmp";
    private static Lab lab;
    private static RunningManx manx;
    private static Path deploy;

    @BeforeAll
    static void start() throws IOException {
        lab = new Lab("manx-xd");
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

    @AfterEach
    void removeStage() throws Exception {
        if (!xdpPipelines().isEmpty()) {
            manx.command("remove", STAGE);
        }
    }

    @Test
    void leavesTheHookAloneWithoutAStage() throws Exception {
        assertThat(xdpPipelines()).isEmpty();
        assertThat(lab.gateway.ip("-d link show cl0")).doesNotContain("xdp");
        assertThat(pings(GATEWAY)).isTrue();
    }

    @Test
    void stopsPingsWhileItIsThereAndNothingElse() throws Exception {
        assertThat(manx.command("install", jar().toString()).err()).isEmpty();

        assertThat(xdpPipelines()).hasSize(3).allSatisfy(pipeline -> {
            assertThat(pipeline.get("attach").asText()).isEqualTo("xdp-native");
            assertThat(pipeline.get("lanes").get("first").get(0).get("name").asText()).isEqualTo(STAGE);
        });
        assertThat(List.of(pings(GATEWAY), pings(GATEWAY6), pings(Lab.ADDRESS_ONE))).containsOnly(false);
        assertThat(curl()).isIn("one", "two");
        assertThat(drops()).isGreaterThanOrEqualTo(3);

        assertThat(manx.command("remove", STAGE).status()).isZero();

        assertThat(xdpPipelines()).isEmpty();
        assertThat(lab.gateway.ip("-d link show cl0")).doesNotContain("xdp");
        assertThat(List.of(pings(GATEWAY), pings(GATEWAY6), pings(Lab.ADDRESS_ONE))).containsOnly(true);
        assertThat(changes()).contains(STAGE + " in", STAGE + " out");
    }

    @Test
    void followsTheDeployFolder() throws Exception {
        Path dropped = deploy.resolve("xdp.jar");
        Files.copy(jar(), deploy.resolve("xdp.next"));
        Files.move(deploy.resolve("xdp.next"), dropped);
        Await.until("pings stop", () -> !pings(GATEWAY));

        Files.delete(dropped);
        Await.until("pings are answered again", () -> pings(GATEWAY));
    }

    private static boolean pings(String address) {
        return lab.client.attempt("ping", "-c", "1", "-W", "2", address).status() == 0;
    }

    private static String curl() {
        return lab.client.exec("curl", "-s", "--max-time", "20", "http://" + Lab.SERVICE + "/").strip();
    }

    private static List<JsonNode> xdpPipelines() throws Exception {
        return rows("pipelines").filter(row -> row.get("hook").asText().equals("xdp")).toList();
    }

    private static long drops() throws Exception {
        return rows("drops")
                .filter(row -> row.get("hook").asText().equals("xdp") && row.get("reason").asText().equals("ping"))
                .mapToLong(row -> row.get("packets").asLong())
                .sum();
    }

    private static List<String> changes() throws Exception {
        return rows("swaps").map(row -> row.get("what").asText()).toList();
    }

    private static Stream<JsonNode> rows(String command) throws Exception {
        return StreamSupport.stream(manx.json(command).spliterator(), false);
    }

    private static Path jar() {
        Path target = Home.ROOT.resolve("examples/" + STAGE + "/target");
        try (Stream<Path> all = Files.list(target)) {
            return all.filter(path -> path.toString().endsWith(".jar")).findFirst().orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException("listing " + target, e);
        }
    }
}
