package io.manx.itest.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.manx.itest.Await;
import io.manx.itest.Bundles;
import io.manx.itest.Home;
import io.manx.itest.e2e.RunningManx.Answer;
import io.manx.testkit.Running;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A bundle without Java is updated to a version whose map has another layout. */
class MigrationIT {
    private static final String MAP = "manx.test.tally/tallies";
    private static final int UDP = 17;
    private static Lab lab;
    private static RunningManx manx;

    @BeforeAll
    static void start() throws IOException {
        lab = new Lab("manx-migrate-it");
        manx = RunningManx.start(lab, "--config", lab.sampleResources().toString());
        lab.one.start("iperf3", "-s", "--forceflush").awaitLine("Server listening", Duration.ofSeconds(5));
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
    void goesOnCountingInTheNewLayoutWhereItsCapabilitySaysHow() throws Exception {
        assertThat(manx.command("install", jar(1, "").toString()).status()).isZero();
        Running traffic = lab.client.start(
                "iperf3", "-u", "-b", "8M", "-l", "1000", "-t", "600", "-J", "-c", Lab.ADDRESS_ONE);
        Await.until("datagrams are counted", () -> packets() > 2000);

        Answer refused = manx.command("update", jar(2, "").toString());
        assertThat(refused.status()).isEqualTo(1);
        assertThat(refused.err()).contains("map " + MAP + " has another layout", "value bytes 8, now 16", "no migration");
        assertThat(version()).isEqualTo("1.0.0");

        long before = packets();
        Answer done = manx.command("update", jar(2, ";migrate=by-name").toString());
        assertThat(done.err()).isEmpty();
        assertThat(done.status()).isZero();
        assertThat(version()).isEqualTo("2.0.0");
        assertThat(packets()).isGreaterThanOrEqualTo(before);
        Await.until("bytes are counted", () -> tally().get("bytes").asLong() > 0);

        traffic.signal("INT");
        traffic.awaitEnd(Duration.ofSeconds(20));
        JsonNode sum = new ObjectMapper().readTree(traffic.output()).get("end").get("sum");
        assertThat(sum.get("lost_packets").asLong()).isZero();
        assertThat(manx.command("remove", "tally").status()).isZero();
        Await.until("its maps are gone", () -> tallies() == null);
    }

    private static String version() throws IOException, InterruptedException {
        for (JsonNode stage : manx.json("stages")) {
            if (stage.get("name").asText().equals("tally") && stage.get("programId").asInt() != 0) {
                return stage.get("version").asText();
            }
        }
        return "";
    }

    private static long packets() {
        JsonNode tally = tally();
        return tally == null ? 0 : tally.get("packets").asLong();
    }

    /** Of datagrams; null before the first. */
    private static JsonNode tally() {
        JsonNode all = tallies();
        if (all != null) {
            for (JsonNode entry : all) {
                if (entry.get("key").get("number").asInt() == UDP) {
                    return entry.get("value");
                }
            }
        }
        return null;
    }

    /** Null where there is no such map. */
    private static JsonNode tallies() {
        try {
            Answer answer = manx.command("map", "dump", MAP, "--json");
            return answer.status() == 0 ? new ObjectMapper().readTree(answer.out()) : null;
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException("reading " + MAP, e);
        }
    }

    /** @param more attributes of the capability, each after a semicolon */
    private static Path jar(int version, String more) throws IOException {
        byte[] elf = Files.readAllBytes(Path.of("target/test-classes/META-INF/bpf", "tally" + version + ".bpf.o"));
        Path jar = lab.folder.resolve("tally-" + version + more.replaceAll("[^a-z]", "") + ".jar");
        return Bundles.rewrite(Home.noTelnet(), jar, main -> {
            main.putValue("Bundle-SymbolicName", "manx.test.tally");
            main.putValue("Bundle-Version", version + ".0.0");
            main.putValue("Provide-Capability", "manx.stage;manx.stage=tally;version:Version=" + version
                    + ".0.0;object=\"META-INF/bpf/no_telnet.bpf.o\";hook=tc;packets=every;after=parse;before=conntrack" + more);
        }, (entry, bytes) -> entry.endsWith(".bpf.o") ? elf : bytes);
    }
}
