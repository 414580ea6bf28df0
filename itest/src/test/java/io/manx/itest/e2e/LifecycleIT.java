package io.manx.itest.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.manx.itest.Await;
import io.manx.itest.e2e.RunningManx.Answer;
import io.manx.testkit.EchoStream;
import io.manx.testkit.Namespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** How Manx starts and ends, and what it leaves behind. */
class LifecycleIT {
    private static final List<String> INTERFACES = List.of("cl0", "s1", "s2");
    private static Lab lab;
    private static Path config;
    private static Path pins;
    private RunningManx manx;

    @BeforeAll
    static void prepare() throws IOException {
        lab = new Lab("manx-lc");
        config = lab.sampleResources();
        pins = Path.of("/sys/fs/bpf/manx", lab.folder.resolve("state").toString().substring(1).replace('/', '-'));
    }

    @AfterAll
    static void remove() {
        lab.close();
    }

    @AfterEach
    void end() throws Exception {
        if (manx != null) {
            manx.close();
        }
    }

    // ---- what is refused

    @Test
    void refusesASecondRunOnTheSameStateFolder() throws Exception {
        manx = start();

        Answer second = BinManx.run(run("state", "other.sock"));

        refused(second, "a Manx runs on the state folder " + lab.folder.resolve("state") + " already, as process " + manx.pid());
        answersPings();
    }

    @Test
    void refusesASecondRunWithEverythingTheSameAndNamesTheFirst() throws Exception {
        manx = start();

        refused(BinManx.run(run("state", "manx.sock")), "as process " + manx.pid());
    }

    @Test
    void refusesASecondRunOnTheSameSocket() throws Exception {
        manx = start();

        Answer second = BinManx.run(run("state-two", "manx.sock"));

        refused(second, "a Manx listens on " + lab.folder.resolve("manx.sock") + " already");
        assertThat(manx.command("stages").status()).isZero();
    }

    @Test
    void refusesToCleanUpUnderARunningManx() throws Exception {
        manx = start();

        refused(clean(), "as process " + manx.pid());
        answersPings();
    }

    @Test
    void refusesASocketPathThatIsAFolder() throws Exception {
        Files.createDirectories(lab.folder.resolve("folder"));

        refused(BinManx.run(run("state-two", "folder")), "is no socket");
    }

    // ---- the end

    @Test
    void leavesNothingBehindAfterCtrlC() throws Exception {
        manx = start();
        List<String> kernel = kernelObjects();
        assertThat(kernel).hasSizeGreaterThan(20);
        assertThat(pins).isDirectory();

        assertThat(manx.interrupt()).isZero();

        assertThat(pins).doesNotExist();
        assertThat(lab.folder.resolve("manx.sock")).doesNotExist();
        Await.until("the kernel has none of " + kernel, () -> kernel.stream().noneMatch(LifecycleIT::exists));
        answersPings();
    }

    @Test
    void losesNoPacketWhileManxIsKilledAndAnotherTakesOver() throws Exception {
        manx = start("--on-exit", "keep");
        EchoStream traffic = lab.stream();
        Await.until("the stream's flow is established", () -> port(manx) != 0);
        int port = port(manx);

        manx.kill();
        carries(traffic, "while no Manx runs after a kill");
        manx = start("--on-exit", "keep");
        assertThat(port(manx)).as("the stream's flow is kept").isEqualTo(port);
        assertThat(manx.interrupt()).isZero();
        carries(traffic, "while no Manx runs after its end with --on-exit keep");
        assertThat(pins.resolve("links")).isNotEmptyDirectory();

        EchoStream.Report report = traffic.end();
        assertThat(report.sent()).isGreaterThan(5_000);
        assertThat(report.lost()).isZero();
    }

    @Test
    void cleanRemovesWhatWasKept() throws Exception {
        manx = start("--on-exit", "keep");
        List<String> kernel = kernelObjects();
        assertThat(manx.interrupt()).isZero();
        assertThat(kernel).anyMatch(LifecycleIT::exists);
        denied();

        Answer cleaned = clean();

        assertThat(cleaned.status()).as(cleaned.err()).isZero();
        assertThat(cleaned.out()).contains("removed 6 links");
        assertThat(pins).doesNotExist();
        assertThat(lab.folder.resolve("state")).doesNotExist();
        Await.until("the kernel has none of " + kernel, () -> kernel.stream().noneMatch(LifecycleIT::exists));
    }

    // ---- clsact

    @Test
    void attachesByClsactAndLeavesNoFilter() throws Exception {
        manx = start("--attach", "clsact");

        for (JsonNode pipeline : manx.json("pipelines")) {
            assertThat(pipeline.get("attach").asText()).isEqualTo("clsact");
        }
        assertThat(filters()).hasSize(2 * INTERFACES.size());
        answersPings();
        assertThat(lab.client.exec("curl", "-s", "--max-time", "20", "http://" + Lab.SERVICE + "/").strip()).isIn("one", "two");
        denied();

        assertThat(manx.interrupt()).isZero();
        assertThat(filters()).isEmpty();
    }

    @Test
    void takesOverTheFiltersOfAKilledRun() throws Exception {
        manx = start("--attach", "clsact");
        manx.kill();
        assertThat(filters()).hasSize(2 * INTERFACES.size());
        answersPings();

        manx = start("--attach", "clsact");
        assertThat(filters()).hasSize(2 * INTERFACES.size());
        answersPings();
        manx.kill();

        String another = lab.folder.resolve("another").toString();
        Answer ofAnother = clean("--netns", lab.gateway.name(), "--state", another);
        assertThat(ofAnother.out()).as(ofAnother.err()).contains("0 filters");
        assertThat(filters()).hasSize(2 * INTERFACES.size());
        answersPings();
        assertThat(clean("--netns", lab.gateway.name()).out()).contains("6 filters");
        assertThat(filters()).isEmpty();
    }

    // ---- steps

    private static RunningManx start(String... options) throws IOException {
        List<String> all = new ArrayList<>(List.of("--config", config.toString()));
        all.addAll(List.of(options));
        return RunningManx.start(lab, all.toArray(String[]::new));
    }

    private static String[] run(String state, String socket) {
        return new String[] {
            "run", "--netns", lab.gateway.name(), "--config", config.toString(),
            "--state", lab.folder.resolve(state).toString(), "--socket", lab.folder.resolve(socket).toString()
        };
    }

    private static Answer clean(String... options) throws Exception {
        List<String> all = new ArrayList<>(List.of("clean", "--socket", lab.folder.resolve("manx.sock").toString()));
        all.addAll(List.of(options));
        if (!all.contains("--state")) {
            all.addAll(List.of("--state", lab.folder.resolve("state").toString()));
        }
        return BinManx.run(all.toArray(String[]::new));
    }

    private static void refused(Answer answer, String why) {
        assertThat(answer.status()).as(answer.err()).isEqualTo(1);
        assertThat(answer.out()).isEmpty();
        assertThat(answer.err().lines()).as(answer.err()).hasSize(1);
        assertThat(answer.err()).startsWith("manx: ").contains(why);
    }

    private static void answersPings() {
        assertThat(lab.client.attempt("ping", "-c", "2", "-i", "0.1", "-W", "5", Lab.ADDRESS_ONE).status()).isZero();
    }

    private static void denied() {
        String url = "http://" + Lab.ADDRESS_ONE + ":" + Lab.CLOSED_PORT + "/";
        assertThat(lab.client.attempt("curl", "-s", "--max-time", "0.5", url).status()).as("timed out").isEqualTo(28);
    }

    /** Server one sees packets come in, though nobody runs. */
    private static void carries(EchoStream traffic, String when) {
        long before = received(lab.one);
        Await.until("packets flow " + when, () -> received(lab.one) > before + 500);
        assertThat(traffic.alive()).isTrue();
    }

    /** From /proc/net/dev, which is the namespace's: NAME: BYTES PACKETS ... */
    private static long received(Namespace host) {
        return host.exec("cat", "/proc/net/dev").lines()
                .map(String::strip)
                .filter(line -> line.startsWith("eth0:"))
                .mapToLong(line -> Long.parseLong(line.split("\\s+")[2]))
                .findFirst()
                .orElseThrow();
    }

    /** The client's port of the UDP stream; 0 while there is none. */
    private static int port(RunningManx manx) {
        try {
            for (JsonNode flow : manx.json("flows", "--dst", Lab.ADDRESS_ONE)) {
                if (flow.get("protocol").asText().equals("udp") && flow.get("destinationPort").asInt() == Lab.STREAM_PORT) {
                    return flow.get("sourcePort").asInt();
                }
            }
            return 0;
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException("asking for the flows", e);
        }
    }

    /** {@code prog 12} and {@code map 34} for all that the running Manx has in the kernel. */
    private List<String> kernelObjects() throws Exception {
        List<String> ids = new ArrayList<>();
        manx.json("programs").forEach(program -> ids.add("prog " + program.get("id").asInt()));
        manx.json("maps").forEach(map -> ids.add("map " + map.get("id").asInt()));
        return ids;
    }

    private static boolean exists(String object) {
        String[] words = object.split(" ");
        return lab.gateway.attempt("bpftool", words[0], "show", "id", words[1]).status() == 0;
    }

    private static List<String> filters() {
        return INTERFACES.stream()
                .flatMap(name -> Stream.of("ingress", "egress")
                        .flatMap(side -> lab.gateway.attempt("tc", "filter", "show", "dev", name, side).output().lines()))
                .filter(line -> line.contains("manx_entry"))
                .toList();
    }
}
