package io.manx.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.HexFormat;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EchoStreamTest {
    private static final String ADDRESS = "192.0.2.2";
    private static final int PORT = 5201;
    private static final int RECEIVED = 2;
    private static final int SENT = 10;
    private static final Duration SOON = Duration.ofSeconds(60);

    @AutoClose
    private final Namespaces net = Namespaces.ofThisProcess("manx-echo");

    private Namespace client;
    private Namespace server;

    @BeforeEach
    void connect() {
        client = net.add("client");
        server = net.add("server");
        net.connect(client, "eth0", server, "eth0");
        client.address("eth0", "192.0.2.1/24");
        server.address("eth0", ADDRESS + "/24");
    }

    @Test
    void saysWhatIsWrongWithTheAddress() {
        assertThatThrownBy(() -> EchoStream.start(client, server, "192.0.2.9", PORT))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("Cannot assign requested address");
    }

    @Test
    void countsWhatIsLost() {
        EchoStream stream = EchoStream.start(client, server, ADDRESS, PORT);
        awaitPackets(client, RECEIVED);
        answersGoTo("02:00:00:00:00:99");
        awaitPackets(server, SENT);
        answersGoTo(HexFormat.ofDelimiter(":").formatHex(client.mac("eth0")));

        assertThat(stream.end().lost()).isPositive();
    }

    @Test
    void losesNothingWhereNothingIsWrong() {
        EchoStream stream = EchoStream.start(client, server, ADDRESS, PORT);
        awaitPackets(client, RECEIVED);

        assertThat(stream.alive()).isTrue();
        EchoStream.Report report = stream.end();
        assertThat(report.sent()).isGreaterThan(20);
        assertThat(report.lost()).isZero();
    }

    private void answersGoTo(String mac) {
        server.ip("neigh replace 192.0.2.1 dev eth0 nud permanent lladdr " + mac);
    }

    /** More of them. @param word where /proc/net/dev, which is the namespace's, has their number */
    private static void awaitPackets(Namespace namespace, int word) {
        long before = packets(namespace, word);
        Await.until("packets come", SOON, () -> packets(namespace, word) > before + 20);
    }

    private static long packets(Namespace namespace, int word) {
        return namespace.exec("cat", "/proc/net/dev").lines()
                .map(line -> line.strip().split("\\s+"))
                .filter(words -> words[0].equals("eth0:"))
                .mapToLong(words -> Long.parseLong(words[word]))
                .findFirst()
                .orElseThrow();
    }
}
