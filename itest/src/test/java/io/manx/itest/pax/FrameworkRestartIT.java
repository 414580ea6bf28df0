package io.manx.itest.pax;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ops4j.pax.exam.CoreOptions.bundle;
import static org.ops4j.pax.exam.CoreOptions.composite;
import static org.ops4j.pax.exam.CoreOptions.frameworkProperty;
import static org.ops4j.pax.exam.CoreOptions.options;

import io.manx.itest.Await;
import io.manx.itest.Bundles;
import io.manx.itest.Home;
import io.manx.libbpf.Attachment;
import io.manx.libbpf.Tcx;
import io.manx.testkit.EchoStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.TestContainer;
import org.ops4j.pax.exam.spi.PaxExamRuntime;

/** A framework with Manx stops and starts again, in one process and on one state folder: packets go on as before. */
class FrameworkRestartIT {
    private static final Wire WIRE = new Wire(3);
    private static final String NO_TELNET = Home.noTelnet().toUri().toString();
    private static final String COUNTER = "io.manx.example.xdpcounter";

    /** Of curl. */
    private static final int REFUSED = 7;

    private static final int TIMED_OUT = 28;

    private Path state;
    private Path pins;
    private TestContainer framework;
    private EchoStream stream;

    @BeforeEach
    void connect() throws Exception {
        WIRE.create();
        state = Files.createTempDirectory("manx-pax-restart");
        pins = Path.of("/sys/fs/bpf/manx", state.toString().substring(1).replace('/', '-'));
    }

    @AfterEach
    void end() throws Exception {
        if (stream != null) {
            stream.close();
        }
        if (framework != null) {
            framework.stop();
        }
        /* Detaches what is left, by a framework that is not to keep it. */
        if (Files.exists(pins)) {
            start("detach");
            framework.stop();
        }
    }

    @Test
    void goesOnWhileTheFrameworkRestarts() throws Exception {
        assertThat(telnet()).isEqualTo(REFUSED);
        start("keep", bundle(NO_TELNET));
        assertThat(telnet()).isEqualTo(TIMED_OUT);
        stream = WIRE.stream();
        for (int i = 0; i < 3; i++) {
            Map<String, Integer> before = entries();
            framework.stop();
            assertThat(entries()).as("without a framework").isEqualTo(before);
            assertThat(telnet()).isEqualTo(TIMED_OUT);
            framework.start();
            awaitTakenOver(before);
            assertThat(telnet()).isEqualTo(TIMED_OUT);
        }
        assertNothingLost();
    }

    @Test
    void followsBundlesThatChangedWhileNoFrameworkRan() throws Exception {
        start("keep", bundle(NO_TELNET));
        assertThat(telnet()).isEqualTo(TIMED_OUT);
        stream = WIRE.stream();
        Map<String, Integer> before = entries();
        framework.stop();

        start("keep", bundle(newer("io.manx.policy")));
        awaitTakenOver(before);
        assertThat(telnet()).isEqualTo(REFUSED);
        assertNothingLost();
    }

    /** As where its start level or its requirement comes later. */
    @Test
    void keepsTheMapsOfABundleThatIsNotStartedUntilItIsUninstalled() throws Exception {
        Path counters = pins.resolve("maps").resolve(COUNTER.replace('.', ':') + "+counters");
        String jar = Home.example(COUNTER).toUri().toString();
        start("keep", bundle(jar));
        assertThat(counters).exists();
        Map<String, Integer> before = entries();
        framework.stop();

        start("keep", bundle(jar).noStart());
        awaitTakenOver(before);
        before = entries();
        framework.stop();
        assertThat(counters).exists();

        start("keep");
        awaitTakenOver(before);
        framework.stop();
        assertThat(counters).doesNotExist();
    }

    @Test
    void leavesNothingWhereItIsNotToKeepIt() throws Exception {
        start("detach", bundle(NO_TELNET));
        assertThat(telnet()).isEqualTo(TIMED_OUT);
        framework.stop();

        assertThat(pins).doesNotExist();
        assertThat(telnet()).isEqualTo(REFUSED);
    }

    /** Returns once the pipeline is attached. */
    private void start(String onExit, Option... more) throws IOException {
        Option[] all = options(
                composite(PaxBundles.of(state, WIRE, PaxBundles.LEVEL)),
                composite(more),
                frameworkProperty("manx.onExit").value(onExit));
        framework = PaxExamRuntime.createContainer(PaxExamRuntime.createServerSystem(all));
        framework.start();
        Await.until("both ways are attached", () -> entries().size() == 2);
    }

    private static String newer(String bundle) throws IOException {
        return Bundles.withVersion(Home.jar(bundle), "9.0.0", OwnBundles.temp("newer.jar")).toUri().toString();
    }

    /** A generation has an entry program of its own for each way. */
    private void awaitTakenOver(Map<String, Integer> before) {
        Await.until("the next framework has taken over", () -> {
            Map<String, Integer> now = entries();
            return now.keySet().equals(before.keySet())
                    && now.entrySet().stream().noneMatch(entry -> before.containsValue(entry.getValue()));
        });
    }

    /** The programs that the links on tc run now. */
    private Map<String, Integer> entries() {
        Map<String, Integer> programs = new TreeMap<>();
        for (Path pin : links().stream().filter(link -> !link.toString().contains("+xdp")).toList()) {
            try (Attachment link = Tcx.open(pin)) {
                programs.put(pin.getFileName().toString(), link.programId());
            }
        }
        return programs;
    }

    private List<Path> links() {
        Path folder = pins.resolve("links");
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(folder)) {
            return all.toList();
        } catch (IOException e) {
            throw new UncheckedIOException("listing " + folder, e);
        }
    }

    /** How a connection to port 23 through the pipeline ends: nobody listens there. */
    private static int telnet() {
        return WIRE.far().attempt("curl", "-s", "--max-time", "1", WIRE.url(23)).status();
    }

    private void assertNothingLost() {
        EchoStream.Report report = stream.end();
        assertThat(report.sent()).isPositive();
        assertThat(report.lost()).as("%s", report).isZero();
    }
}
