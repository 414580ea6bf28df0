package io.manx.itest.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.manx.itest.Await;
import io.manx.itest.Home;
import io.manx.testkit.Running;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Interfaces get pipelines of their own by a file that is edited while traffic goes through them. */
class PipelineResourceIT {
    private static final List<String> ALL =
            List.of("fastpath", "parse", "conntrack", "service", "policy", "nat", "routes", "forward");
    private static final String WITHOUT_POLICY = "interfaces: [cl0]\n  without: [policy]";
    private static final String NO_SERVICES = "interfaces: [cl0]\n  order: [parse, conntrack, policy, routes, forward]";
    private static final String WITH_NO_TELNET =
            "interfaces: [cl0]\n  order: [parse, no-telnet, conntrack, policy, routes, forward]";
    /** curl's exit status: nobody listens, but the packet went there and back. */
    private static final int REFUSED_BY_THE_SERVER = 7;
    /** curl's exit status: no answer, as policy has dropped the packet. */
    private static final int TIMED_OUT = 28;

    /** Each look is a command, which on a busy machine takes a second or two. */
    private static final Duration LONG = Duration.ofSeconds(60);

    private static Lab lab;
    private static RunningManx manx;
    private static Path config;

    @BeforeAll
    static void start() throws IOException {
        lab = new Lab("manx-pr");
        config = lab.sampleResources();
        manx = RunningManx.start(lab, "--config", config.toString());
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

    @BeforeEach
    void nothingOfItsOwn() throws Exception {
        Files.deleteIfExists(config.resolve("pipelines.yaml"));
        Await.until("cl0 has all stages", LONG, () -> chain("cl0").equals(ALL));
    }

    @Test
    void refusesAnOrderThatAStageContradicts() throws Exception {
        write("interfaces: [cl0]\n  order: [parse, policy, conntrack, routes, forward]");

        String refusal = "pipelines.yaml:1) puts policy (bundle io.manx.policy) before conntrack, which it must follow";
        Await.until("the log says why", LONG, () -> manx.log().contains(refusal));
        assertThat(chain("cl0")).isEqualTo(ALL);
    }

    @Test
    void refusesToLeaveOutAStageThatOthersMustFollow() throws Exception {
        write("interfaces: [cl0]\n  without: [conntrack]");

        Await.until("the log says why", LONG, () -> manx.log().contains("must follow conntrack, which Pipeline edge"));
        assertThat(chain("cl0")).isEqualTo(ALL);
    }

    @Test
    void letsOneInterfaceGoWithoutPolicy() throws Exception {
        assertThat(curlClosedPort()).isEqualTo(TIMED_OUT);

        write(WITHOUT_POLICY);
        Await.until("cl0 goes without policy", LONG, () -> !chain("cl0").contains("policy"));
        assertThat(chain("s1")).isEqualTo(ALL);
        assertThat(curlClosedPort()).isEqualTo(REFUSED_BY_THE_SERVER);
        assertThat(why()).contains("edge 0 policy left-out");

        nothingOfItsOwn();
        assertThat(curlClosedPort()).isEqualTo(TIMED_OUT);
    }

    @Test
    void waitsForAStageThatItsOrderNamesAndThenHoldsIt() throws Exception {
        write(WITH_NO_TELNET);
        Await.until("the resource waits", LONG, () -> why().contains("edge 0 no-telnet missing"));
        assertThat(chain("cl0")).isEqualTo(ALL);

        assertThat(manx.command("install", Home.noTelnet().toString()).err()).isEmpty();
        assertThat(chain("cl0")).containsExactly("parse", "no-telnet", "conntrack", "policy", "routes", "forward");
        RunningManx.Answer remove = manx.command("remove", "no-telnet");
        assertThat(remove.status()).isEqualTo(1);
        assertThat(remove.err()).contains("Pipeline edge (").contains("names no-telnet");

        write(NO_SERVICES);
        Await.until("cl0 has five stages", LONG, () -> chain("cl0").size() == 5);
        assertThat(manx.command("remove", "no-telnet").err()).isEmpty();
    }

    @Test
    void losesNothingWhileTheFileIsEdited() throws Exception {
        Running traffic = lab.client.start(
                "iperf3", "-u", "-b", "40M", "-l", "1000", "-t", "600", "-J", "-c", Lab.ADDRESS_ONE);
        for (int round = 0; round < 5; round++) {
            write(WITHOUT_POLICY);
            Await.until("cl0 goes without policy", LONG, () -> chain("cl0").size() == ALL.size() - 1);
            write(NO_SERVICES);
            Await.until("cl0 has its own order", LONG,
                    () -> chain("cl0").equals(List.of("parse", "conntrack", "policy", "routes", "forward")));
            nothingOfItsOwn();
        }
        traffic.signal("INT");
        traffic.awaitEnd(Duration.ofSeconds(10));

        JsonNode sum = new ObjectMapper().readTree(traffic.output()).get("end").get("sum");
        assertThat(sum.get("packets").asLong()).isGreaterThan(1_000);
        assertThat(sum.get("lost_packets").asLong()).isZero();
        assertThat(rows("swaps").filter(swap -> swap.get("what").asText().startsWith("cl0: ")))
                .hasSizeGreaterThanOrEqualTo(15)
                .allSatisfy(swap -> assertThat(swap.get("lost").asLong()).isZero());
    }

    /** @param spec from its second line on indented */
    private static void write(String spec) throws IOException {
        Path next = config.resolve(".pipelines.next");
        Files.writeString(next, "apiVersion: manx.io/v1\nkind: Pipeline\nmetadata: {name: edge}\nspec:\n  " + spec + "\n");
        Files.move(next, config.resolve("pipelines.yaml"), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static int curlClosedPort() {
        return lab.client
                .attempt("curl", "-s", "--max-time", "5", "http://" + Lab.ADDRESS_ONE + ":" + Lab.CLOSED_PORT)
                .status();
    }

    /** Idle stages have no place in a chain. */
    private static List<String> chain(String interfaceName) {
        return rows("pipelines")
                .filter(row -> row.get("interface").asText().equals(interfaceName))
                .filter(row -> row.get("hook").asText().equals("tc-ingress"))
                .flatMap(row -> StreamSupport.stream(row.get("lanes").get("first").spliterator(), false))
                .map(stage -> stage.get("name").asText())
                .toList();
    }

    private static List<String> why() {
        return rows("pipelines --why")
                .map(row -> String.join(
                        " ",
                        row.get("pipeline").asText(),
                        row.get("position").asText(),
                        row.get("stage").asText(),
                        row.get("state").asText()))
                .toList();
    }

    private static Stream<JsonNode> rows(String command) {
        try {
            return StreamSupport.stream(manx.json(command.split(" ")).spliterator(), false);
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException("asking for " + command, e);
        }
    }
}
