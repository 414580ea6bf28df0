package io.manx.itest.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.manx.testkit.Namespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Datagrams in fragments through the default pipeline; those of the client and of server one come first fragment last. */
class FragmentsIT {
    private static final String FIRST_LAST =
            Path.of("target/test-classes/META-INF/bpf/first_last.bpf.o").toAbsolutePath().toString();

    /** Another port than the backend's: it is rewritten in the first fragment, and nowhere else. */
    private static final String FAR_SERVICE = """
            apiVersion: v1
            kind: Service
            metadata: {name: far%1$s, namespace: default}
            spec:
              clusterIP: %2$s
              ports:
                - {name: answer, protocol: UDP, port: 5999, targetPort: 5300}
            ---
            apiVersion: discovery.k8s.io/v1
            kind: EndpointSlice
            metadata: {name: far%1$s-1, namespace: default, labels: {kubernetes.io/service-name: far%1$s}}
            addressType: %3$s
            ports:
              - {name: answer, protocol: UDP, port: 5300}
            endpoints:
              - {addresses: ["%4$s"]}
            """;

    private static Lab lab;
    private static RunningManx manx;

    @BeforeAll
    static void start() throws IOException {
        lab = new Lab("manx-fr");
        Path config = lab.sampleResources();
        Files.writeString(config.resolve("far.yaml"), FAR_SERVICE.formatted("", "10.96.0.11", "IPv4", Lab.ADDRESS_ONE));
        Files.writeString(config.resolve("far6.yaml"), FAR_SERVICE.formatted("6", "fd96::11", "IPv6", "fd99:2::2"));
        manx = RunningManx.start(lab, "--config", config.toString());
        for (Namespace sender : List.of(lab.client, lab.one)) {
            sender.exec("tc", "qdisc", "add", "dev", "eth0", "clsact");
            sender.exec("tc", "filter", "add", "dev", "eth0", "egress", "bpf", "da", "obj", FIRST_LAST, "sec", "tc");
        }
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

    @ParameterizedTest
    @ValueSource(strings = {Lab.ADDRESS_ONE, "fd99:2::2", "10.99.3.2", "fd99:3::2", "10.99.1.1", "fd99:1::1"})
    void carriesTheLongestPingsInBothDirections(String address) throws Exception {
        long lost = drops("parse", "fragment");

        lab.client.exec("ping", "-c", "10", "-i", "0.05", "-s", "60000", "-W", "5", "-q", address);

        assertThat(drops("parse", "fragment")).isEqualTo(lost);
    }

    /** The answer is the question's length: the server got all of it, under its own address and port. */
    @ParameterizedTest
    @CsvSource({"10.99.2.2,5300", "fd99:2::2,5300", "10.96.0.10,5300", "fd96::10,5300", "10.96.0.11,5999", "fd96::11,5999"})
    void carriesDatagramsToServersAndToTheirServices(String address, int port) throws Exception {
        assertThat(ask(address, port)).matches("one|two");

        assertThat(manx.json("flows", "--dst", address).toString()).contains("" + port);
    }

    @Test
    void deniesEachFragmentOfWhatPolicyDenies() throws Exception {
        long before = drops("policy", "policy-default");

        lab.client.attempt("bash", "-c", datagram(Lab.ADDRESS_ONE, Lab.CLOSED_PORT));

        assertThat(drops("policy", "policy-default") - before).isEqualTo(3);
    }

    private static String ask(String address, int port) {
        return lab.client
                .exec("bash", "-c", datagram(address, port) + "; timeout 20 head -n 1 <&3")
                .strip();
    }

    /** 3001 bytes and the headers: three fragments. */
    private static String datagram(String address, int port) {
        return "exec 3<> /dev/udp/" + address + "/" + port + "; printf '%3000d\\n' 1 >&3";
    }

    private static long drops(String stage, String reason) throws Exception {
        return StreamSupport.stream(manx.json("drops").spliterator(), false)
                .filter(drop -> drop.get("stage").asText().equals(stage))
                .filter(drop -> drop.get("reason").asText().startsWith(reason))
                .mapToLong(drop -> drop.get("packets").asLong())
                .sum();
    }
}
