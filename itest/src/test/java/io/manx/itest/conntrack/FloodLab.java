package io.manx.itest.conntrack;

import io.manx.itest.JavaProgram;
import io.manx.itest.e2e.RunningManx;
import io.manx.testkit.Namespace;
import io.manx.testkit.Namespaces;
import io.manx.testkit.Running;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;

/**
 * An honest client and an attacker, each on an interface of its own:
 *
 * <pre>
 *   client   10.73.1.2 ── c ───────┐
 *                                 ├ gateway (Manx, small tables) ── s ── 10.73.2.2 server: an echo
 *   attacker 10.73.3.2 ── hostile ┘
 * </pre>
 *
 * What the server answers to those who are not there (198.18.0.0/15) goes to the attacker, which drops it. A flow that is lost stays
 * lost: {@code pickup} is off.
 */
final class FloodLab implements AutoCloseable {
    static final String CLIENT = "10.73.1.2";
    static final String SERVER = "10.73.2.2";
    static final int ECHO = 7000;
    static final int ENTRIES = 16_384;
    private static final Duration SOON = Duration.ofSeconds(30);

    private static final String RESOURCES =
            """
            apiVersion: projectcalico.org/v3
            kind: HostEndpoint
            metadata: {name: client, labels: {side: outside}}
            spec: {interfaceName: c}
            ---
            apiVersion: projectcalico.org/v3
            kind: HostEndpoint
            metadata: {name: attacker, labels: {side: outside}}
            spec: {interfaceName: hostile}
            ---
            apiVersion: projectcalico.org/v3
            kind: HostEndpoint
            metadata: {name: server, labels: {side: inside}}
            spec: {interfaceName: s}
            ---
            apiVersion: projectcalico.org/v3
            kind: GlobalNetworkPolicy
            metadata: {name: echo-for-all}
            spec:
              selector: side == 'outside'
              applyOnForward: true
              types: [Ingress]
              ingress:
              - {action: Allow, protocol: TCP, destination: {ports: [%1$d]}}
              - {action: Allow, protocol: UDP, destination: {ports: [%1$d]}}
            ---
            apiVersion: projectcalico.org/v3
            kind: FelixConfiguration
            metadata: {name: default}
            spec: {bpfMapSizeConntrack: %2$d}
            ---
            apiVersion: manx.io/v1
            kind: Settings
            metadata: {name: default}
            spec:
              conntrack: {pickup: false, maxYoungFlows: %2$d}
            """.formatted(ECHO, ENTRIES);

    final RunningManx manx;
    private final Namespaces net;
    private final Namespace client;
    private final Namespace attacker;
    private final Namespace gateway;

    FloodLab(Path folder) throws IOException {
        net = Namespaces.ofThisProcess("manx-flood");
        try {
            client = net.add("client");
            attacker = net.add("attacker");
            gateway = net.add("gw").forward();
            Namespace server = net.add("server");
            connect(client, "c", 1);
            connect(server, "s", 2);
            connect(attacker, "hostile", 3);
            gateway.route("198.18.0.0/15", "10.73.3.2");
            java(server, EchoMain.class, Integer.toString(ECHO)).awaitLine("listening", SOON);
            Path config = Files.createDirectories(folder.resolve("config"));
            Files.writeString(config.resolve("all.yaml"), RESOURCES);
            manx = RunningManx.start(folder, gateway, "--config", config.toString());
        } catch (RuntimeException | Error | IOException e) {
            net.close();
            throw e;
        }
    }

    private void connect(Namespace host, String gatewayEnd, int subnet) {
        net.connect(host, "eth0", gateway, gatewayEnd);
        host.address("eth0", "10.73." + subnet + ".2/24");
        gateway.address(gatewayEnd, "10.73." + subnet + ".1/24");
        host.route("default", "10.73." + subnet + ".1");
    }

    private static Running java(Namespace where, Class<?> program, String... arguments) {
        return JavaProgram.of(program, arguments).with("-XX:TieredStopAtLevel=1", "-Xmx64m").startIn(where);
    }

    /** Keeps so many connections, and makes new ones on and on. */
    Running honest(int kept) {
        Running honest = java(client, HonestMain.class, SERVER, Integer.toString(ECHO), Integer.toString(kept));
        honest.awaitLine("talking", SOON);
        return honest;
    }

    /** @param kind syn or udp */
    Running spray(String kind, int count, int perSecond) {
        return java(
                attacker, SprayMain.class, "eth0", kind, mac(attacker, "eth0"), mac(gateway, "hostile"), SERVER,
                Integer.toString(ECHO), Integer.toString(count), Integer.toString(perSecond));
    }

    private static String mac(Namespace where, String device) {
        return HexFormat.ofDelimiter(":").formatHex(where.mac(device));
    }

    @Override
    public void close() throws IOException {
        try {
            manx.close();
        } finally {
            net.close();
        }
    }
}
