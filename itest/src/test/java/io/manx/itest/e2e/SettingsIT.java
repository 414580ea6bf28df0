package io.manx.itest.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.manx.itest.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** FelixConfiguration and Settings of a running Manx: good ones are in force at once, bad ones never. */
class SettingsIT {
    private static final String FELIX =
            """
            apiVersion: projectcalico.org/v3
            kind: FelixConfiguration
            metadata: {name: default}
            spec:
              %s
            """;
    private static final String SHORT_UDP = FELIX.formatted("bpfConntrackTimeouts: {creationGracePeriod: 1ms, udpTimeout: 1s}")
            + """
              ---
              apiVersion: manx.io/v1
              kind: Settings
              metadata: {name: default}
              spec:
                conntrack: {udpReplied: 1s, udpStream: 1s}
              """;

    /** With what the log says of each, from the line and the column on. */
    private static final Map<String, String> BAD = Map.of(
            "bpfConntrackTimeouts: {udpTimeout: -1s}",
            "5:38: spec.bpfConntrackTimeouts.udpTimeout: found \"-1s\", expected a duration from 1ms to 8760h such as 90s or 1h30m,"
                    + " or Auto",
            "bpfMapSizeConntrack: 0",
            "5:24: spec.bpfMapSizeConntrack: found 0, expected a number of flows",
            "bpfMapSizeConntrack: 99999999",
            "5:24: spec.bpfMapSizeConntrack: found 99999999, expected a number of flows",
            "wireguardEnabled: true",
            "5:3: spec.wireguardEnabled is not supported by Manx: of this kind it acts on");

    private static Lab lab;
    private static RunningManx manx;
    private static Path config;

    @BeforeAll
    static void start() throws IOException {
        lab = new Lab("manx-set");
        config = lab.sampleResources();
        manx = RunningManx.start(lab, "--config", config.toString());
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

    /** All by default again. */
    @AfterEach
    void takeOut() throws IOException {
        int seen = manx.log().length();
        Files.delete(config.resolve("settings.yaml"));
        awaitChange(seen);
    }

    @Test
    void hasATimeoutInForceWithoutARestartAndForFlowsThatAreThere() throws Exception {
        ask();
        assertThat(manx.json("flows", "--proto", "udp")).isNotEmpty();

        inForce(SHORT_UDP);

        Await.until("the flow has expired", SettingsIT::hasNoUdpFlow);
    }

    /** None of the bad ones says what the good one does: had any been in force, the flow would stay. */
    @Test
    void keepsTheOldOnesWhereOneIsBad() throws Exception {
        inForce(SHORT_UDP);
        for (Map.Entry<String, String> bad : BAD.entrySet()) {
            int seen = manx.log().length();
            write(FELIX.formatted(bad.getKey()));
            Await.until(bad.getKey() + ": the log names what is wrong, and where", () -> {
                String log = manx.log().substring(seen);
                return log.contains("settings.yaml:" + bad.getValue()) && log.contains("the last good state stays in force");
            });
        }
        ask();
        assertThat(manx.json("flows", "--proto", "udp")).isNotEmpty();
        Await.until("the old time-out holds", SettingsIT::hasNoUdpFlow);
    }

    private static void ask() {
        lab.client.exec("bash", "-c", "exec 3<> /dev/udp/10.96.0.10/5300; echo ask >&3; timeout 20 head -n 1 <&3");
    }

    private static boolean hasNoUdpFlow() {
        try {
            return manx.json("flows", "--proto", "udp").isEmpty();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException("asking for the flows", e);
        }
    }

    private static void inForce(String text) throws IOException {
        int seen = manx.log().length();
        write(text);
        awaitChange(seen);
    }

    private static void awaitChange(int seen) {
        Await.until("the change is in force", () -> manx.log().substring(seen).contains("resources changed and in force"));
    }

    private static void write(String text) throws IOException {
        Path next = Files.writeString(config.resolve(".settings.yaml.next"), text);
        Files.move(next, config.resolve("settings.yaml"), StandardCopyOption.ATOMIC_MOVE);
    }
}
