package io.manx.itest.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.manx.itest.Await;
import io.manx.itest.Bundles;
import io.manx.itest.Home;
import io.manx.itest.JavaProgram;
import io.manx.itest.e2e.RunningManx.Answer;
import io.manx.testkit.Namespace;
import io.manx.testkit.Running;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Updates on probation, under traffic: a bad one is taken back by itself, a good one stays. */
class ProbationIT {
    private static final String ADDRESS_TWO = "10.99.3.2";
    private static final Duration A_MINUTE = Duration.ofMinutes(1);
    private static final int TCP_SECONDS = 12;
    private static final Duration LONG = Duration.ofSeconds(20);

    private Lab lab;
    private RunningManx manx;
    private Path deploy;
    private Path config;

    @BeforeEach
    void start() throws IOException {
        lab = new Lab("manx-probation");
        deploy = Files.createDirectories(lab.folder.resolve("deploy"));
        config = lab.sampleResources();
        Guard.good("1.0.0", lab.folder.resolve("first.jar"));
        Files.move(lab.folder.resolve("first.jar"), deploy.resolve("guard.jar"));
        run();
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
        manx = RunningManx.start(lab, "--config", config.toString(), "--deploy", deploy.toString());
        Await.until("guard runs", () -> field("state").equals("running"));
    }

    // ---- refusals

    @Test
    void refusesWhatIsNoProbationAndWhatIsNoUpdate() throws Exception {
        Path next = Guard.dropping("1.1.0", lab.folder.resolve("next.jar"));
        assertThat(manx.command("update", next.toString(), "--probation", "soon").status()).isEqualTo(2);
        assertThat(manx.command("update", next.toString(), "--probation", "9s", "--max-drop-rate", "1").status()).isEqualTo(2);

        Answer unknown = manx.command("update", Home.noTelnet().toString(), "--probation", "9s");
        assertThat(unknown.status()).isEqualTo(1);
        assertThat(unknown.err()).contains("no bundle io.manx.example.notelnet is installed; to add it: install");
        Answer deployed = manx.command("update", deploy.resolve("guard.jar").toString(), "--probation", "9s");
        assertThat(deployed.status()).isEqualTo(1);
        assertThat(deployed.err()).contains("is in the deploy folder").contains("goes in by itself, without probation");

        assertThat(field("version")).isEqualTo("1.0.0");
        assertThat(field("state")).isEqualTo("running");
    }

    // ---- drops

    @Test
    void goesBackFromAVersionThatDropsATenthAndNothingElseIsLost() throws Exception {
        Running tcp = stream(lab.two, TCP_SECONDS, "-b", "4M", "-c", ADDRESS_TWO);
        Arrivals arrivals = new Arrivals(lab.one, "eth0");
        Running flood = flood();
        Await.until("packets pass guard", () -> passed() > 3_000);

        Answer update = manx.command("update", bad("1.1.0").toString(), "--probation", "60s");

        assertThat(update.status()).as(update.err()).isZero();
        assertThat(update.out()).contains("manx.test.guard 1.0.0 -> 1.1.0, on probation until 20").contains("0 packets lost");
        Await.until("the version before is back", () -> field("why").startsWith("back to"));
        assertThat(field("version")).isEqualTo("1.0.0");
        assertThat(field("state")).isEqualTo("running");
        assertThat(field("why"))
                .matches("back to 1\\.0\\.0: guard drops tenth 0\\.0 % -> [0-9.]+ % of packets in [0-9]+ s \\(allowed [0-9.]+ %\\)");
        JsonNode last = lastSwap();
        assertThat(last.get("from").asText() + " " + last.get("to").asText()).isEqualTo("1.1.0 1.0.0");
        assertThat(last.get("why").asText()).startsWith("its probation failed: guard drops tenth");
        assertThat(last.get("lost").asLong()).isZero();

        long sent = sent(flood);
        assertThat(sent - arrivals.at(Arrivals.FIRST_PORT)).isEqualTo(tenths()).isPositive();
        arrivals.close();
        assertThat(tcp.awaitEnd(A_MINUTE)).as(tcp.output()).isZero();
        JsonNode received = new ObjectMapper().readTree(tcp.output()).get("end").get("sum_received");
        assertThat(received.get("bytes").asLong()).isPositive();
        assertThat(received.get("seconds").asDouble()).as("seconds that the stream lasted").isGreaterThan(TCP_SECONDS - 1);
        Await.until("the version before is kept no more", () -> Files.notExists(kept()));
    }

    @Test
    void keepsAVersionThatDropsNoMore() throws Exception {
        Arrivals arrivals = new Arrivals(lab.one, "eth0");
        Running flood = flood();
        Path next = Guard.good("1.1.0", lab.folder.resolve("next.jar"));

        assertThat(manx.command("update", next.toString(), "--probation", "10s").status()).isZero();

        JsonNode guard = stage("guard");
        assertThat(guard.get("state").asText()).isEqualTo("probation");
        assertThat(guard.get("why").asText()).matches("[0-9]+ s left; 1\\.0\\.0 comes back if this drops more");
        assertThat(kept()).exists();
        Await.until("its probation is over", () -> field("state").equals("running"));
        assertThat(field("version")).isEqualTo("1.1.0");
        assertThat(field("why")).isEmpty();
        assertThat(kept()).doesNotExist();
        assertThat(sent(flood)).isEqualTo(arrivals.at(Arrivals.FIRST_PORT));
        arrivals.close();
    }

    @Test
    void followsTheHighestDropRateThatItIsGiven() throws Exception {
        Running udp = datagrams();
        Await.until("packets pass guard", () -> passed() > 1_000);

        assertThat(manx.command("update", bad("1.1.0").toString(), "--probation", "5s", "--max-drop-rate", "30%").status()).isZero();
        Await.until("its probation is over", () -> field("state").equals("running"));
        assertThat(field("version")).isEqualTo("1.1.0");
        assertThat(tenths()).isGreaterThan(10);

        assertThat(manx.command("update", bad("1.2.0").toString(), "--probation", "60s", "--max-drop-rate", "1%").status()).isZero();
        Await.until("the version before is back", () -> field("why").startsWith("back to 1.1.0"));
        assertThat(field("why")).contains("guard drops ").endsWith("(allowed 1.0 %)");
        udp.signal("INT");
    }

    @Test
    void takesABundleOfManxItselfBackWithItsControl() throws Exception {
        Path next = Bundles.withVersion(Home.jar("io.manx.policy"), "1.7.0", lab.folder.resolve("policy.jar"));
        String before = stage("policy").get("version").asText();
        assertThat(manx.command("update", next.toString(), "--probation", "10m", "--max-drop-rate", "0%").status()).isZero();

        Await.until("the version before is back", () -> {
            send200DeniedDatagrams();
            return stage("policy").get("why").asText().startsWith("back to");
        });
        assertThat(stage("policy").get("version").asText()).isEqualTo(before);
        assertThat(stage("policy").get("state").asText()).isEqualTo("running");
        assertThat(lab.client.exec("curl", "-s", "--max-time", "5", "http://" + Lab.SERVICE + "/")).isNotBlank();
    }

    // ---- errors

    @Test
    void goesBackFromAControlThatRefusesResourcesWhichAreThenInForce() throws Exception {
        Path next = Guard.choosy("1.1.0", lab.folder.resolve("next.jar"));
        Answer update = manx.command("update", next.toString(), "--probation", "60s");
        assertThat(update.status()).as(update.err()).isZero();

        addPolicy();

        Await.until("the version before is back", () -> field("why").startsWith("back to"));
        assertThat(field("why"))
                .isEqualTo("back to 1.0.0: the control of guard failed: one set of resources is enough");
        assertThat(field("version")).isEqualTo("1.0.0");
        Await.until("the resources are in force", () -> json("policies").toString().contains("added-during-the-probation"));
    }

    @Test
    void saysThatTheVersionBeforeRefusesTheResourcesToo() throws Exception {
        Path choosy = Guard.choosy("1.0.1", lab.folder.resolve("choosy.jar"));
        assertThat(manx.command("update", choosy.toString()).status()).isZero();
        Path next = Guard.choosy("1.1.0", lab.folder.resolve("next.jar"));
        assertThat(manx.command("update", next.toString(), "--probation", "10m").status()).isZero();

        addPolicy();

        Await.until("the version before has refused them", () -> field("why").contains("too"));
        assertThat(field("why"))
                .startsWith("back to 1.0.1: the control of guard failed: one set of resources is enough; the resources are refused"
                        + " now, too: stage guard")
                .contains("1.0.1 (manx.test.guard): one set of resources is enough");
        assertThat(field("version")).isEqualTo("1.0.1");
        assertThat(json("policies").toString()).doesNotContain("added-during-the-probation");
    }

    private void addPolicy() throws IOException {
        Path part = lab.folder.resolve("more.yaml");
        Files.writeString(part, """
                apiVersion: projectcalico.org/v3
                kind: GlobalNetworkPolicy
                metadata: {name: added-during-the-probation}
                spec:
                  order: 20
                  selector: role == 'server'
                  types: [Ingress]
                  ingress:
                    - {action: Allow, protocol: TCP, destination: {ports: [9997]}}
                """);
        Files.move(part, config.resolve("more.yaml"), StandardCopyOption.ATOMIC_MOVE);
    }

    // ---- what comes in between

    @Test
    void endsWithTheNextUpdateAndWithRemoval() throws Exception {
        assertThat(manx.command("update", bad("1.1.0").toString(), "--probation", "1h").status()).isZero();
        Path next = Guard.good("1.2.0", lab.folder.resolve("next.jar"));
        assertThat(manx.command("update", next.toString()).status()).isZero();
        assertThat(field("state")).isEqualTo("running");
        assertThat(kept()).doesNotExist();

        assertThat(manx.command("update", bad("1.3.0").toString(), "--probation", "1h").status()).isZero();
        Answer removal = manx.command("remove", "guard");
        assertThat(removal.status()).as(removal.err()).isZero();
        assertThat(kept()).doesNotExist();
        assertThat(field("state")).isEmpty();
    }

    @Test
    void isForgottenWithAManxThatIsKilledAndTheVersionBeforeRunsInTheNext() throws Exception {
        assertThat(manx.command("update", bad("1.1.0").toString(), "--probation", "1h").status()).isZero();
        assertThat(kept()).exists();
        manx.kill();

        run();

        assertThat(field("version")).isEqualTo("1.0.0");
        assertThat(field("why")).isEmpty();
        assertThat(kept()).doesNotExist();
        assertThat(manx.log()).contains("was kept by a run that ended during the probation of its successor");
    }

    @Test
    void isNotBroughtBackByTheDeployFolderBeforeTheNextStart() throws Exception {
        assertThat(manx.command("update", bad("1.1.0").toString(), "--probation", "10m").status()).isZero();
        int swaps = json("swaps").size();
        deploy(bad("1.1.0"), "new.jar");
        Await.until("the deploy folder has brought it in", () -> json("swaps").size() > swaps);
        Await.until("the version before is back", () -> {
            send200DeniedDatagrams();
            return field("why").startsWith("back to");
        });
        int program = stage("guard").get("programId").asInt();

        deploy(Home.noTelnet(), "no-telnet.jar");
        Await.until("the deploy folder was looked at again", () -> stage("no-telnet") != null);
        assertThat(field("version")).isEqualTo("1.0.0");
        assertThat(stage("guard").get("programId").asInt()).isEqualTo(program);

        manx.interrupt();
        run();
        assertThat(field("version")).isEqualTo("1.1.0");
    }

    private void deploy(Path jar, String name) throws IOException {
        Path part = Files.copy(jar, lab.folder.resolve("part"), StandardCopyOption.REPLACE_EXISTING);
        Files.move(part, deploy.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }

    // ---- helpers

    private void send200DeniedDatagrams() {
        lab.client.exec("bash", "-c", "for i in {1..200}; do echo > /dev/udp/" + Lab.ADDRESS_ONE + "/" + Lab.CLOSED_PORT + "; done");
    }

    private Path bad(String version) throws IOException {
        return Guard.dropping(version, lab.folder.resolve("bad.jar"));
    }

    private Path kept() {
        return lab.folder.resolve("state/before-probation/" + Guard.BUNDLE + ".jar");
    }

    /** Datagrams from the client to server one, as fast as they go, until {@link #sent} ends them. */
    private Running flood() {
        Running flood = JavaProgram.of(FloodMain.class, Lab.ADDRESS_ONE + ":" + Arrivals.FIRST_PORT)
                .behind("nice", "-n", "19")
                .with("-Xmx32m")
                .startIn(lab.client);
        flood.awaitLine("flooding", LONG);
        return flood;
    }

    private static long sent(Running flood) {
        flood.endInput();
        flood.awaitEnd(A_MINUTE);
        Matcher line = Pattern.compile("sent ([0-9]+)").matcher(flood.output());
        assertThat(line.find()).as(flood.output()).isTrue();
        return Long.parseLong(line.group(1));
    }

    /** 1,000 datagrams a second from the client to server one, until it is told to end. */
    private Running datagrams() {
        return stream(lab.one, 600, "-u", "-b", "8M", "-l", "1000", "-c", Lab.ADDRESS_ONE);
    }

    private Running stream(Namespace server, int seconds, String... options) {
        server.start("iperf3", "-s", "--forceflush").awaitLine("Server listening", LONG);
        return lab.client.start(Stream.concat(
                        Stream.of("iperf3", "-t", Integer.toString(seconds), "-J"), Stream.of(options))
                .toArray(String[]::new));
    }

    private JsonNode json(String... words) {
        try {
            return manx.json(words);
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException("asking for " + String.join(" ", words), e);
        }
    }

    private JsonNode stage(String name) {
        for (JsonNode stage : json("stages")) {
            if (stage.get("name").asText().equals(name)) {
                return stage;
            }
        }
        return null;
    }

    private String field(String name) {
        JsonNode guard = stage("guard");
        return guard == null ? "" : guard.get(name).asText();
    }

    private JsonNode lastSwap() {
        JsonNode swaps = json("swaps");
        return swaps.get(swaps.size() - 1);
    }

    /** Packets that guard saw, over all interfaces and lanes. */
    private long passed() {
        return json("pipelines").findValues("lanes").stream()
                .flatMap(lanes -> Stream.of(lanes.get("first"), lanes.get("established"), lanes.get("translated")))
                .flatMap(lane -> java.util.stream.StreamSupport.stream(lane.spliterator(), false))
                .filter(row -> row.get("name").asText().equals("guard"))
                .mapToLong(row -> row.get("packets").asLong())
                .sum();
    }

    /** Packets that guard's bad version dropped, by whatever name its reason has now. */
    private long tenths() {
        long sum = 0;
        for (JsonNode drop : json("drops")) {
            sum += drop.get("stage").asText().equals("guard") ? drop.get("packets").asLong() : 0;
        }
        return sum;
    }
}
