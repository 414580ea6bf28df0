package io.manx.itest.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real clients and servers talk through the default pipeline. */
class TrafficIT {
    private static Lab lab;
    private static RunningManx manx;

    @BeforeAll
    static void start() throws IOException {
        lab = new Lab("manx-tr");
        manx = RunningManx.start(lab, "--config", lab.sampleResources().toString());
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
    void deniesAndCountsWhatPolicyDenies() throws Exception {
        int status = lab.client.attempt("curl", "-s", "--max-time", "1", "http://" + Lab.ADDRESS_ONE + ":9998/").status();

        assertThat(status).isEqualTo(28);
        assertThat(drops("policy", "policy-deny")).isPositive();
    }

    @Test
    void deniesByDefaultWhatNoRuleAllows() throws Exception {
        lab.client.attempt("curl", "-s", "--max-time", "1", "http://" + Lab.ADDRESS_ONE + ":" + Lab.CLOSED_PORT + "/");

        assertThat(drops("policy", "policy-default")).isPositive();
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.99.2.2", "10.99.3.2", "fd99:2::2", "10.99.1.1", "fd99:1::1"})
    void answersPings(String address) {
        assertThat(lab.client.attempt("ping", "-c", "3", "-i", "0.2", "-W", "5", address).status()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://10.96.0.10/", "http://[fd96::10]/"})
    void sharesTcpConnectionsAmongBothBackends(String url) {
        Set<String> answers = new TreeSet<>();
        for (int i = 0; i < 30; i++) {
            answers.add(lab.client.exec("curl", "-s", "--max-time", "20", url).strip());
        }

        assertThat(answers).containsExactly("one", "two");
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.96.0.10/5300", "fd96::10/5300"})
    void sharesUdpQuestionsAmongBothBackends(String target) {
        Set<String> answers = new TreeSet<>();
        for (int i = 0; i < 30; i++) {
            answers.add(ask(target));
        }

        assertThat(answers).containsExactly("one", "two");
    }

    /** Ends with the answer, or without one after a while. */
    private static String ask(String target) {
        return lab.client.exec(
                "bash", "-c", "exec 3<> /dev/udp/" + target + "; echo ask >&3; timeout 20 head -n 1 <&3");
    }

    @Test
    void letsAServerStartAConnectionOfItsOwn() {
        assertThat(lab.one.exec("curl", "-s", "--max-time", "20", "http://10.99.3.2:8080/").strip()).isEqualTo("two");
    }

    @Test
    void letsTheGatewayItselfTalkToAServer() {
        assertThat(lab.gateway.exec("curl", "-s", "--max-time", "20", "http://10.99.2.2:8080/").strip()).isEqualTo("one");
        assertThat(lab.gateway.exec("curl", "-s", "--max-time", "20", "http://10.96.0.10/").strip()).isIn("one", "two");
    }

    @Test
    void showsTheGatewayAsAHop() {
        String hops = lab.client.exec("traceroute", "-n", "-I", "-q", "1", "-w", "3", Lab.ADDRESS_ONE);

        assertThat(hops).contains("10.99.1.1").contains(Lab.ADDRESS_ONE);
    }

    @Test
    void carriesLargePingsInFragments() {
        assertThat(lab.client.attempt("ping", "-c", "2", "-s", "4000", "-W", "5", Lab.ADDRESS_ONE).status()).isZero();
    }

    @Test
    void showsEachInterfacesPipelineWithItsLanes() throws Exception {
        lab.client.exec("curl", "-s", "--max-time", "20", "http://10.96.0.10/");

        JsonNode pipeline = pipeline("cl0", "tc-ingress");
        assertThat(pipeline.get("attach").asText()).isEqualTo("tcx");
        assertThat(names(pipeline.get("lanes").get("first")))
                .containsExactly("fastpath", "parse", "conntrack", "service", "policy", "nat", "routes", "forward");
        assertThat(names(pipeline.get("lanes").get("established"))).containsExactly("fastpath", "parse", "conntrack", "forward");
        assertThat(names(pipeline.get("lanes").get("translated")))
                .containsExactly("fastpath", "parse", "conntrack", "nat", "forward");
        assertThat(pipeline.get("lanes").get("translated").get(3).get("packets").asLong()).as("by way of the service").isPositive();
        assertThat(manx.json("stages").findValuesAsText("packets")).containsOnlyOnce("translated").contains("every", "first");
    }

    @Test
    void listsFlowsServicesPoliciesAndRoutes() throws Exception {
        lab.client.exec("curl", "-s", "--max-time", "20", "http://10.96.0.10/");

        assertThat(manx.json("flows", "--dst", Lab.SERVICE)).isNotEmpty();
        assertThat(manx.json("services").toString()).contains(Lab.SERVICE).contains("10.99.2.2:8080");
        assertThat(manx.json("policies").toString()).contains("servers");
        assertThat(manx.json("routes").toString()).contains("10.99.2.0/24");
    }

    private static long drops(String stage, String reason) throws Exception {
        return StreamSupport.stream(manx.json("drops").spliterator(), false)
                .filter(drop -> drop.get("stage").asText().equals(stage))
                .filter(drop -> drop.get("reason").asText().equals(reason))
                .mapToLong(drop -> drop.get("packets").asLong())
                .sum();
    }

    private static JsonNode pipeline(String interfaceName, String hook) throws Exception {
        return StreamSupport.stream(manx.json("pipelines").spliterator(), false)
                .filter(pipeline -> pipeline.get("interface").asText().equals(interfaceName))
                .filter(pipeline -> pipeline.get("hook").asText().equals(hook))
                .findFirst()
                .orElseThrow();
    }

    private static Iterable<String> names(JsonNode lane) {
        return StreamSupport.stream(lane.spliterator(), false)
                .map(stage -> stage.get("name").asText())
                .toList();
    }
}
