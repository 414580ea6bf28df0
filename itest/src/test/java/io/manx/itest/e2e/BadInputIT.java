package io.manx.itest.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.manx.itest.Await;
import io.manx.itest.Bundles;
import io.manx.itest.Home;
import io.manx.itest.e2e.RunningManx.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.jar.JarOutputStream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever is wrong is named, and the running pipeline stays as it is. */
class BadInputIT {
    private static final String EXAMPLE = "io.manx.example.notelnet";
    private static final String POLICY =
            """
            apiVersion: projectcalico.org/v3
            kind: GlobalNetworkPolicy
            metadata: {name: servers}
            spec:
              order: 10
              selector: role == 'server'
              types: [Ingress]
              ingress:
            """;
    private static final int CHANGES = 3;
    private static final String NO_PING = POLICY + "    - {action: Allow, protocol: TCP, destination: {ports: [8080]}}\n";

    private static Lab lab;
    private static RunningManx manx;
    private static Path config;
    private static Path deploy;

    @BeforeAll
    static void start() throws IOException {
        lab = new Lab("manx-bd");
        config = lab.sampleResources();
        deploy = Files.createDirectories(lab.folder.resolve("deploy"));
        manx = RunningManx.start(lab, "--config", config.toString(), "--deploy", deploy.toString());
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

    // ---- bundles

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "text | bad.jar: not a jar",
        "plain | bad.jar: a jar, but no bundle: its manifest has no Bundle-SymbolicName",
        "no-object | stage no-telnet (program manx_no_telnet) refused: the bundle " + EXAMPLE
                + " has no object META-INF/bpf/no_telnet.bpf.o",
        "text-object | stage no-telnet (program manx_no_telnet) refused: no-telnet.bpf.o: is no BPF object",
        "machine-object | stage no-telnet (program manx_no_telnet) refused: no-telnet.bpf.o: is no BPF object",
        "another-object | stage no-telnet (program manx_no_telnet) refused: its object has no program manx_no_telnet",
        "wild | bundle manx.test.wild: stage wild (program manx_wild) refused: wild.bpf.o: program manx_wild: refused: R",
        "wrong-hook | bundle " + EXAMPLE + ": its capability manx.stage is wrong: unknown hook socket: expected tc or xdp",
        "wrong-packets | bundle " + EXAMPLE + ": its capability manx.stage is wrong: packets=some (expected every, translated or first)",
        "no-attribute | bundle " + EXAMPLE + ": its capability manx.stage is wrong: attribute object is missing",
    })
    void refusesABundleInOneLineAndLeavesThePipeline(String what, String why) throws Exception {
        List<Integer> before = programs();

        Answer answer = manx.command("install", bad(what).toString());

        assertThat(answer.status()).isEqualTo(1);
        assertThat(answer.err().lines()).as(answer.err()).hasSize(1);
        assertThat(answer.err()).startsWith("manx: ").contains(why);
        assertThat(programs()).isEqualTo(before);
        assertThat(ping()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "text | dropped.jar: not a jar",
        "plain | dropped.jar: a jar, but no bundle",
        "no-object | the bundle " + EXAMPLE + " has no object META-INF/bpf/no_telnet.bpf.o",
        "wild | bundle manx.test.wild: stage wild (program manx_wild) refused: wild.bpf.o: program manx_wild: refused: R",
        "wrong-hook | bundle " + EXAMPLE + ": its capability manx.stage is wrong: unknown hook socket",
    })
    void saysInTheLogWhatIsWrongWithAJarInTheDeployFolder(String what, String why) throws Exception {
        List<Integer> before = programs();
        int seen = manx.log().length();

        drop(bad(what), "dropped.jar");

        try {
            Await.until("the log says " + why, () -> manx.log().substring(seen).contains(why));
            assertThat(manx.log().substring(seen)).contains("ERROR");
            assertThat(programs()).isEqualTo(before);
            assertThat(ping()).isTrue();
        } finally {
            Files.delete(deploy.resolve("dropped.jar"));
            Await.until("nothing of it is left", () -> stage("wild").isEmpty() && stage("no-telnet").isEmpty());
        }
    }

    @Test
    void showsTheVerifiersWholeLogOfWhatItRefused() throws Exception {
        Answer refused = manx.command("install", bad("wild").toString());
        assertThat(refused.err()).contains("(wild.bpf.c:", "full verifier log: manx stages --log wild");

        Answer log = manx.command("stages", "--log", "wild");

        assertThat(log.status()).as(log.err()).isZero();
        assertThat(log.out().lines()).hasSizeGreaterThan(10).anyMatch(line -> line.startsWith("invalid access to packet"));
    }

    @Test
    void refusesAnUpdateThatTheVerifierRefusesAndKeepsTheOldVersion() throws Exception {
        assertThat(manx.command("install", stageJar("early", "1.0.0", "parse", "early").toString()).status()).isZero();
        List<Integer> before = programs();

        Answer answer = manx.command("update", stageJar("early", "1.1.0", "parse", "wild").toString());

        assertThat(answer.status()).isEqualTo(1);
        assertThat(answer.err()).contains("manx.test.early", "manx_early").hasLineCount(1);
        assertThat(programs()).isEqualTo(before);
        assertThat(stage("early").orElseThrow().get("version").asText()).isEqualTo("1.0.0");
        assertThat(manx.command("remove", "early").status()).isZero();
    }

    @Test
    void refusesToInstallTheVersionThatIsThereAndSaysWhatHelps() throws Exception {
        String jar = stageJar("early", "1.0.0", "parse", "early").toString();
        assertThat(manx.command("install", jar).status()).isZero();
        List<Integer> before = programs();

        Answer again = manx.command("install", jar);

        assertThat(again.status()).isEqualTo(1);
        assertThat(again.err()).hasLineCount(1).contains("installing " + jar, "is installed already; to replace it: update " + jar);
        assertThat(programs()).isEqualTo(before);
        assertThat(manx.command("remove", "early").status()).isZero();
    }

    @Test
    void runsTheHigherOfTwoVersionsAndShowsTheOtherWaiting() throws Exception {
        assertThat(manx.command("install", Home.noTelnet().toString()).status()).isZero();
        Path next = Bundles.withVersion(Home.noTelnet(), "1.1.0", lab.folder.resolve("no-telnet-1.1.jar"));
        assertThat(manx.command("install", next.toString()).status()).isZero();

        List<JsonNode> both = stages("no-telnet");
        assertThat(both).extracting(stage -> stage.get("version").asText() + " " + stage.get("state").asText())
                .containsExactly("1.1.0 running", "1.0.0 waiting");
        assertThat(both.get(1).get("why").asText()).isEqualTo("1.1.0 of bundle " + EXAMPLE + " runs instead");

        assertThat(manx.command("remove", EXAMPLE).status()).isZero();
        assertThat(stages("no-telnet")).extracting(stage -> stage.get("version").asText() + " " + stage.get("state").asText())
                .containsExactly("1.0.0 running");
        assertThat(manx.command("remove", "no-telnet").status()).isZero();
        assertThat(stages("no-telnet")).isEmpty();
    }

    @Test
    void keepsAStageWaitingForTheOneItMustFollow() throws Exception {
        List<Integer> before = programs();
        drop(stageJar("late", "1.0.0", "early", "late"), "late.jar");
        Await.until("late waits", () -> "waiting".equals(state("late")));
        assertThat(stage("late").orElseThrow().get("why").asText()).isEqualTo("late must follow early, which is not installed");
        assertThat(programs()).isEqualTo(before);

        drop(stageJar("early", "1.0.0", "parse", "early"), "early.jar");
        Await.until("both run", () -> "running".equals(state("early")) && "running".equals(state("late")));
        assertThat(chain()).containsSubsequence("parse", "early", "late");
        assertThat(manx.command("remove", "early").err()).contains("late (bundle manx.test.late) must follow early");

        Files.delete(deploy.resolve("late.jar"));
        Await.until("late is gone", () -> stage("late").isEmpty());
        Files.delete(deploy.resolve("early.jar"));
        Await.until("early is gone", () -> stage("early").isEmpty());
        assertThat(ping()).isTrue();
    }

    // ---- resources

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "    - {action: Allow | policy.yaml:10 | this is not YAML",
        "    - {action: Allow, protocl: TCP} | policy.yaml:9:23: | protocl is not a known field, expected protocol",
        "    - {action: Allow, source: {nets: [10.0.0.0/33]}} | policy.yaml:9:39: | found \"10.0.0.0/33\", expected an IPv4 or IPv6 prefix",
        "    - {action: Allow, protocol: TCP, destination: {ports: [65536]}} | policy.yaml:9:60: | found \"65536\", expected a port from 0 to 65535",
    })
    void keepsTheLastGoodResourcesWhenAFileIsWrong(String rule, String where, String what) throws Exception {
        int seen = manx.log().length();

        write("policy.yaml", POLICY + "    " + rule + "\n");

        try {
            Await.until("the log says what is wrong",
                    () -> manx.log().substring(seen).contains("the last good state stays in force"));
            assertThat(manx.log().substring(seen)).contains(where).contains(what);
            assertThat(ping()).isTrue();
            assertThat(answersHttp()).isTrue();
        } finally {
            millisToForce(goodPolicy());
        }
    }

    @Test
    void hasAGoodChangeInTheKernelWithinASecond() throws Exception {
        List<Long> millis = new ArrayList<>();
        for (int i = 0; i < CHANGES; i++) {
            assertThat(ping()).isTrue();
            millis.add(millisToForce(NO_PING));
            assertThat(ping()).isFalse();
            assertThat(answersHttp()).isTrue();
            millis.add(millisToForce(goodPolicy()));
        }
        assertThat(ping()).isTrue();

        System.out.println("milliseconds from a changed file to the change in the kernel: " + millis);
        /* Of several, since others may want the machine at any one time. */
        assertThat(millis).anyMatch(each -> each < 1_000);
    }

    @Test
    void doesNotStartOnResourcesThatAreWrong() throws Exception {
        Path wrong = Files.createDirectories(lab.folder.resolve("wrong"));
        Files.writeString(wrong.resolve("a.yaml"), POLICY + "    - {action: Allow, protocol: TCP, destination: {ports: [65536]}}\n");
        Files.writeString(wrong.resolve("b.yaml"), "kind: [\n");

        Answer answer = BinManx.run(
                "run", "--netns", lab.gateway.name(), "--config", wrong.toString(),
                "--state", lab.folder.resolve("wrong-state").toString(), "--socket", lab.folder.resolve("wrong.sock").toString());

        assertThat(answer.status()).as(answer.err()).isEqualTo(1);
        assertThat(answer.out()).doesNotContain("ready");
        assertThat(answer.err()).contains("a.yaml:9:", "found \"65536\", expected a port", "b.yaml:").doesNotContain("\tat ");
        assertThat(ping()).isTrue();
    }

    // ---- interfaces

    @Test
    void attachesToAnInterfaceWhenItComesAndComesBack() throws Exception {
        int seen = manx.log().length();
        write("later.yaml", """
                apiVersion: projectcalico.org/v3
                kind: WorkloadEndpoint
                metadata: {name: later, namespace: default, labels: {role: other}}
                spec: {interfaceName: later0, node: gateway, ipNetworks: [10.99.9.2/32]}
                """);
        Await.until("the log names it", () -> manx.log().substring(seen)
                .contains("interface later0 does not exist; Manx attaches when it comes"));
        assertThat(attached("later0")).isEqualTo("waiting");

        comesAndGoes(seen);
        comesAndGoes(manx.log().length());

        Files.delete(config.resolve("later.yaml"));
        Await.until("it is not waited for any more", () -> attached("later0").isEmpty());
    }

    private static void comesAndGoes(int seen) {
        lab.gateway.ip("link add later0 type veth peer name later1");
        Await.until("Manx attaches", () -> attached("later0").equals("tcx"));
        lab.gateway.ip("link delete later0");
        Await.until("the log says that it is gone", () -> manx.log().substring(seen).contains("interface later0 is gone"));
        assertThat(attached("later0")).isEqualTo("waiting");
    }

    // ---- the machine

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "setpriv --reuid=65534 --clear-groups | run needs root: try with sudo",
        "setpriv --bounding-set=-sys_admin,-bpf --inh-caps=-sys_admin,-bpf | root without CAP_SYS_ADMIN: start it outside",
        "unshare -m sh %s/without-libbpf.sh | libbpf.so.1 is missing: apt-get install libbpf1",
        "unshare -m sh %s/without-bpffs.sh | there is no bpffs on /sys/fs/bpf and it can't be mounted",
    })
    void refusesToStartWhereSomethingIsMissing(String wrapper, String why) throws Exception {
        Path scripts = Home.ROOT.resolve("itest/src/test/resources/lab-machine");

        Answer answer = BinManx.runBy(
                List.of(wrapper.formatted(scripts).split(" ")),
                "run", "--state", lab.folder.resolve("other").toString(), "--socket", lab.folder.resolve("other.sock").toString());

        assertThat(answer.status()).as(answer.err()).isEqualTo(1);
        assertThat(answer.out()).isEmpty();
        assertThat(answer.err().lines()).as(answer.err()).hasSize(1);
        assertThat(answer.err()).startsWith("manx: ").contains(why);
    }

    @Test
    void findsTheMachineUnfitWithoutLibbpf() throws Exception {
        Path script = Home.ROOT.resolve("itest/src/test/resources/lab-machine/without-libbpf.sh");

        Answer answer = BinManx.runBy(List.of("unshare", "-m", "sh", script.toString()), "doctor");

        assertThat(answer.status()).isEqualTo(1);
        assertThat(answer.out()).contains("lacking  libbpf").endsWith("Manx could not run here.\n");
    }

    // ---- bad and good jars

    private static Path bad(String what) throws IOException {
        Path copy = lab.folder.resolve("bad.jar");
        Path jar = Home.noTelnet();
        return switch (what) {
            case "text" -> Files.writeString(copy, "no jar");
            case "plain" -> plainJar(copy);
            case "no-object" -> Bundles.withObject(jar, null, copy);
            case "text-object" -> Bundles.withObject(jar, "no ELF".getBytes(java.nio.charset.StandardCharsets.UTF_8), copy);
            case "machine-object" -> Bundles.withObject(jar, Files.readAllBytes(Path.of("/bin/true")), copy);
            case "another-object" -> Bundles.withObject(jar, object("early"), copy);
            case "wild" -> stageJar("wild", "1.0.0", "parse", "wild");
            case "wrong-hook" -> Bundles.withCapability(jar, "hook=tc", "hook=socket", copy);
            case "wrong-packets" -> Bundles.withCapability(jar, "packets=every", "packets=some", copy);
            case "no-attribute" -> Bundles.withCapability(jar, "object=", "objekt=", copy);
            default -> throw new IllegalArgumentException(what);
        };
    }

    private static Path plainJar(Path copy) throws IOException {
        try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(copy))) {
            jar.putNextEntry(new ZipEntry("a.txt"));
        }
        return copy;
    }

    /** A bundle manx.test.NAME with one stage. */
    private static Path stageJar(String name, String version, String after, String object) throws IOException {
        byte[] elf = object(object);
        return Bundles.rewrite(Home.noTelnet(), lab.folder.resolve(name + "-" + version + ".jar"), main -> {
            main.putValue("Bundle-SymbolicName", "manx.test." + name);
            main.putValue("Bundle-Version", version);
            main.putValue("Provide-Capability", "manx.stage;manx.stage=" + name + ";version:Version=\"" + version
                    + "\";object=\"META-INF/bpf/no_telnet.bpf.o\";hook=tc;packets=every;after=" + after);
        }, (entry, bytes) -> entry.endsWith(".bpf.o") ? elf : bytes);
    }

    private static byte[] object(String name) throws IOException {
        try (var in = BadInputIT.class.getResourceAsStream("/META-INF/bpf/" + name + ".bpf.o")) {
            return in.readAllBytes();
        }
    }

    /** By another name first, so that it is never seen half written. */
    private static void drop(Path jar, String name) throws IOException {
        Path next = deploy.resolve(name + ".next");
        Files.copy(jar, next, StandardCopyOption.REPLACE_EXISTING);
        Files.move(next, deploy.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }

    // ---- resources

    private static void write(String name, String text) throws IOException {
        Path next = Files.writeString(lab.folder.resolve(name + ".next"), text);
        Files.move(next, config.resolve(name), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static String goodPolicy() throws IOException {
        return Files.readString(Home.ROOT.resolve("itest/src/test/resources/lab/policy.yaml"));
    }

    /** Until Manx says that the policy is in force, which it does after the last write to the kernel. */
    private static long millisToForce(String policy) throws IOException {
        int seen = manx.log().length();
        long begin = System.nanoTime();
        write("policy.yaml", policy);
        Await.until("the policy is in force", () -> manx.log().substring(seen).contains("resources changed and in force"));
        return (System.nanoTime() - begin) / 1_000_000;
    }

    // ---- what is so

    private static boolean ping() {
        return lab.client.attempt("ping", "-c", "1", "-W", "2", Lab.ADDRESS_ONE).status() == 0;
    }

    private static boolean answersHttp() {
        return lab.client.attempt("curl", "-s", "--max-time", "20", "http://" + Lab.SERVICE + "/").status() == 0;
    }

    /** The kernel's ids of all that packets go through. */
    private static List<Integer> programs() throws Exception {
        List<Integer> ids = new ArrayList<>();
        manx.json("programs").forEach(program -> ids.add(program.get("id").asInt()));
        assertThat(ids).isNotEmpty();
        return ids;
    }

    private static List<String> chain() throws Exception {
        List<String> names = new ArrayList<>();
        manx.json("pipelines").get(0).get("lanes").get("first").forEach(stage -> names.add(stage.get("name").asText()));
        return names;
    }

    private static List<JsonNode> stages(String name) {
        List<JsonNode> found = new ArrayList<>();
        ask("stages").forEach(stage -> {
            if (stage.get("name").asText().equals(name)) {
                found.add(stage);
            }
        });
        return found;
    }

    private static Optional<JsonNode> stage(String name) {
        return stages(name).stream().findFirst();
    }

    private static String state(String name) {
        return stage(name).map(stage -> stage.get("state").asText()).orElse("");
    }

    /** How an interface's ingress is attached; empty where Manx knows nothing of it. */
    private static String attached(String name) {
        for (JsonNode pipeline : ask("pipelines")) {
            if (pipeline.get("interface").asText().equals(name)) {
                return pipeline.get("attach").asText();
            }
        }
        return "";
    }

    private static JsonNode ask(String command) {
        try {
            return manx.json(command);
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException("asking for " + command, e);
        }
    }
}
