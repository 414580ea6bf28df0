package io.manx.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class NamespacesTest {
    private static final String PREFIX = "manx-testkit-" + ProcessHandle.current().pid();
    /** Beyond the kernel's highest. */
    private static final int NO_PROCESS = 1 << 23;

    private static final Duration SOON = Duration.ofSeconds(60);

    @AutoClose
    private final Namespaces net = new Namespaces(PREFIX);

    @Test
    void refusesNamesThatCouldBeSomebodyElses() {
        assertThatThrownBy(() -> new Namespaces("prod")).hasMessageContaining("are called manx-SOMETHING, not prod");
    }

    @Test
    void showsWhatAFailedProgramPrinted() {
        Namespace one = net.add("one");

        assertThatThrownBy(() -> one.exec("sh", "-c", "echo so sorry; exit 3"))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("ended with status 3:\nso sorry");
        assertThat(one.attempt("false").status()).isEqualTo(1);
        assertThatThrownBy(() -> one.start("sh", "-c", "echo never mind").awaitLine("ready", SOON))
                .hasMessageContaining("ended with status 0 before it printed 'ready':\nnever mind");
        assertThatThrownBy(() -> one.start("sleep", "60").awaitLine("ready", Duration.ofMillis(50)))
                .hasMessageContaining("did not print 'ready' within 50 ms");
    }

    @Test
    void waitsNoLongerThanItIsTold() {
        assertThatThrownBy(() -> Await.until("pigs fly", Duration.ofMillis(20), () -> false))
                .hasMessage("waited 20 ms in vain until pigs fly");
        assertThatThrownBy(() -> Await.until("it is there", Duration.ofMillis(20), () -> {
                    throw new IllegalStateException("no");
                }))
                .hasRootCauseMessage("no");
    }

    @Test
    void carriesPacketsOfBothFamiliesByARouter() {
        Namespace client = net.add("client");
        Namespace router = net.add("router").forward();
        Namespace server = net.add("server");
        net.connect(client, "eth0", router, "client0");
        net.connect(server, "eth0", router, "server0");
        client.address("eth0", "192.0.2.2/24", "2001:db8:1::2/64")
                .route("default", "192.0.2.1")
                .route("default", "2001:db8:1::1");
        server.address("eth0", "198.51.100.2/24", "2001:db8:2::2/64")
                .route("default", "198.51.100.1")
                .route("default", "2001:db8:2::1");
        router.address("client0", "192.0.2.1/24", "2001:db8:1::1/64")
                .address("server0", "198.51.100.1/24", "2001:db8:2::1/64");

        assertThat(client.exec("ping", "-c", "1", "-W", "2", "198.51.100.2")).contains(" 0% packet loss");
        assertThat(client.exec("ping", "-c", "1", "-W", "2", "2001:db8:2::2")).contains(" 0% packet loss");
        assertThat(router.ifindex("client0")).isPositive();
        assertThat(router.mac("client0")).hasSize(6);
    }

    @Test
    void seesWhatARunningProgramPrintsAndEndsIt() {
        Namespace one = net.add("one");
        Running running = one.start(
                "sh", "-c", "trap 'echo interrupted; exit 4' INT; echo ready; while :; do sleep 0.05; done");

        running.awaitLine("^ready$", SOON);
        running.signal("INT");

        assertThat(running.awaitEnd(SOON)).isEqualTo(4);
        assertThat(running.output()).isEqualTo("ready\ninterrupted");
    }

    @Test
    void leavesNothingBehind() {
        Namespaces other = new Namespaces(PREFIX + "x");
        Namespace one = other.add("one");
        Running inFront = one.start("sh", "-c", "sleep 61 & sleep 62 & echo ready; wait");
        inFront.awaitLine("ready", SOON);
        one.exec("sh", "-c", "setsid sleep 63 > /dev/null 2>&1 &");
        String[] pids = Command.run(List.of("ip", "netns", "pids", one.name())).split("\n");
        assertThat(pids).hasSizeGreaterThanOrEqualTo(4);

        other.close();

        assertThat(one.path()).doesNotExist();
        for (String pid : pids) {
            Await.until("process " + pid + " is gone", SOON, () -> !Files.exists(Path.of("/proc", pid)));
        }
    }

    @Test
    void removesWhatAnEarlierRunHasLeft() {
        Command.run(List.of("ip", "netns", "add", PREFIX + "y-one"));

        try (Namespaces again = new Namespaces(PREFIX + "y")) {
            assertThat(again.add("one").path()).exists();
        }
        assertThat(Path.of("/run/netns", PREFIX + "y-one")).doesNotExist();
    }

    @Test
    void leavesWhatAnotherProcessHasAlone() {
        String prefix = "manx-testkitz";
        String another = prefix + "-" + ProcessHandle.current().parent().orElseThrow().pid() + "-one";
        String ended = prefix + "-" + NO_PROCESS + "-one";
        Command.run(List.of("ip", "netns", "add", another));
        Command.run(List.of("ip", "netns", "add", ended));

        try (Namespaces own = Namespaces.ofThisProcess(prefix)) {
            assertThat(own.add("one").name()).isEqualTo(prefix + "-" + ProcessHandle.current().pid() + "-one");
            assertThat(Path.of("/run/netns", another)).exists();
            assertThat(Path.of("/run/netns", ended)).doesNotExist();
        } finally {
            new Namespace(another).remove();
        }
    }
}
