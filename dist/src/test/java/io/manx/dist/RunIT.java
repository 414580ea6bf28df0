package io.manx.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the build assembled, started as a user starts it, in a network namespace of its own. */
class RunIT {
    private static final String NAMESPACE = "manx-dist-" + ProcessHandle.current().pid();
    private static final String INTERFACE = "manx-dist0";
    private static final Path HOME = Path.of("target/manx").toAbsolutePath();
    private static final String ENDPOINT =
            """
            apiVersion: projectcalico.org/v3
            kind: HostEndpoint
            metadata: {name: dist}
            spec: {interfaceName: %s}
            """
                    .formatted(INTERFACE);

    @TempDir
    private Path folder;

    private Process manx;
    private BufferedReader out;

    private record Answer(int status, String text) {}

    @BeforeAll
    static void makeNamespace() throws Exception {
        removeNamespace();
        assertThat(run(new ProcessBuilder("ip", "netns", "add", NAMESPACE)).status()).isZero();
        assertThat(run(new ProcessBuilder("ip", "-n", NAMESPACE, "link", "add", INTERFACE, "type", "veth", "peer", "peer0"))
                        .status())
                .isZero();
    }

    @AfterAll
    static void removeNamespace() throws Exception {
        if (Files.exists(Path.of("/run/netns", NAMESPACE))) {
            run(new ProcessBuilder("ip", "netns", "delete", NAMESPACE));
        }
    }

    @BeforeEach
    void writeResources() throws IOException {
        Files.createDirectory(folder.resolve("config"));
        Files.writeString(folder.resolve("config/endpoint.yaml"), ENDPOINT);
    }

    @AfterEach
    void end() throws Exception {
        if (manx != null && manx.isAlive()) {
            terminate();
            manx.waitFor();
        }
        manx("clean");
    }

    private List<String> command(String... words) {
        List<String> command = new ArrayList<>(List.of("nsenter", "--net=/run/netns/" + NAMESPACE));
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-Dmanx.home=" + HOME, "-cp", HOME + "/lib/*", "io.manx.dist.Main"));
        command.addAll(List.of(words));
        command.addAll(List.of("--socket", folder.resolve("sock").toString()));
        if (words[0].equals("run") || words[0].equals("clean")) {
            command.addAll(List.of("--state", folder.resolve("state").toString(), "--netns", NAMESPACE));
        }
        return command;
    }

    /** Until the line ready. */
    private void start(String... more) throws IOException {
        List<String> command =
                command("run", "--config", folder.resolve("config").toString(), "--deploy", folder.resolve("deploy").toString());
        command.addAll(List.of(more));
        manx = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        out = new BufferedReader(new InputStreamReader(manx.getInputStream(), StandardCharsets.UTF_8));
        assertThat(out.readLine()).isEqualTo("ready");
    }

    /** As a service manager does it; {@link Process#destroy} would also close the streams. */
    private void terminate() {
        manx.toHandle().destroy();
    }

    private Answer manx(String... words) throws Exception {
        return run(new ProcessBuilder(command(words)));
    }

    private static Answer run(ProcessBuilder builder) throws Exception {
        Process process = builder.redirectErrorStream(true).start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Answer(process.waitFor(), text);
    }

    @Test
    void refusesAFolderThatIsNotThere() throws Exception {
        Answer answer = manx("run", "--config", "/no/such/folder");
        assertThat(answer).isEqualTo(new Answer(1, "manx: --config /no/such/folder is no folder\n"));
    }

    @Test
    void saysThatNothingListens() throws Exception {
        Answer answer = manx("pipelines");
        assertThat(answer.status()).isEqualTo(1);
        assertThat(answer.text()).startsWith("manx: no Manx is running that listens on ").hasLineCount(1);
    }

    @Test
    void refusesASecondRunByTheFirstOnesProcess() throws Exception {
        start();
        Files.createDirectory(folder.resolve("other"));
        List<String> second = command("run");
        second.set(second.indexOf("--socket") + 1, folder.resolve("other/sock").toString());
        Answer answer = run(new ProcessBuilder(second));
        assertThat(answer.status()).isEqualTo(1);
        assertThat(answer.text()).contains("already, as process " + manx.pid() + ":").hasLineCount(1);
    }

    @Test
    void attachesShowsItsPipelineAndLeavesNothingBehind() throws Exception {
        start();
        Answer pipelines = manx("pipelines", "--json");
        assertThat(pipelines.status()).isZero();
        assertThat(pipelines.text())
                .contains("{\"interface\":\"" + INTERFACE + "\",\"hook\":\"tc-ingress\"")
                .contains("\"name\":\"conntrack\"");

        terminate();
        assertThat(manx.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(manx.exitValue()).isZero();
        assertThat(out.readLine()).isNull();
        assertThat(folder.resolve("sock")).doesNotExist();
        assertThat(Places.pins(folder.resolve("state"))).doesNotExist();
    }

    @Test
    void cleansUpWhatAKilledOneLeft() throws Exception {
        start();
        manx.destroyForcibly().waitFor();
        assertThat(Places.pins(folder.resolve("state"))).isDirectory();

        Answer answer = manx("clean");
        assertThat(answer.text()).startsWith("removed 2 links ");
        assertThat(answer.status()).isZero();
        assertThat(Places.pins(folder.resolve("state"))).doesNotExist();
        assertThat(folder.resolve("state")).doesNotExist();
    }

    @Test
    void carriesOutLinesOfAShell() throws Exception {
        start();
        Path script = Files.writeString(folder.resolve("script"), "stages | grep conntrack\nno-such-thing\n");
        Answer answer = run(new ProcessBuilder(command("shell")).redirectInput(script.toFile()));
        assertThat(answer.status()).isEqualTo(1);
        assertThat(answer.text()).contains("running").contains("manx: Command not found: no-such-thing");
    }
}
