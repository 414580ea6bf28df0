package io.manx.itest.conntrack;

import io.manx.itest.Await;
import io.manx.itest.JavaProgram;
import io.manx.itest.e2e.RunningManx;
import io.manx.testkit.Namespace;
import io.manx.testkit.Namespaces;
import io.manx.testkit.Running;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;

/**
 * A client's and a server's stack with all between them that makes a network hard:
 *
 * <pre>
 *   client ── storm ── gateway (Manx) ── near ── 1400 bytes ── far ── server
 *   10.71.1.2          10.71.1.1         10.71.2.2      10.71.3.2     10.71.4.2     fd71:N:: alike
 * </pre>
 *
 * Policy lets the client begin, and the servers' side not: what near and far tell the client passes as a flow's own.
 * The service 10.96.7.1 is the server's.
 */
final class StacksLab implements AutoCloseable {
    static final String SERVER = "10.71.4.2";
    static final String SERVER6 = "fd71:4::2";
    static final String SERVICE = "10.96.7.1";
    static final List<String> HOPS = List.of("10.71.1.1", "10.71.2.2", "10.71.3.2", SERVER);
    static final List<String> HOPS6 = List.of("fd71:1::1", "fd71:2::2", "fd71:3::2", SERVER6);
    static final int NARROW = 1400;
    static final int HTTP = 8080;
    static final int UPLOAD = 5202;
    private static final int BIG_BYTES = 30 << 20;
    private static final Duration SOON = Duration.ofSeconds(30);

    private static final String RESOURCES =
            """
            apiVersion: projectcalico.org/v3
            kind: HostEndpoint
            metadata: {name: client, labels: {side: client}}
            spec: {interfaceName: c}
            ---
            apiVersion: projectcalico.org/v3
            kind: HostEndpoint
            metadata: {name: servers, labels: {side: servers}}
            spec: {interfaceName: s}
            ---
            apiVersion: projectcalico.org/v3
            kind: GlobalNetworkPolicy
            metadata: {name: clients-begin}
            spec:
              selector: side == 'client'
              applyOnForward: true
              types: [Ingress]
              ingress:
              - {action: Allow, protocol: TCP, destination: {ports: [80, 8080, 5202]}}
              - {action: Allow, protocol: UDP, destination: {ports: ["33434:34000", "44444:45000"]}}
              - {action: Allow, protocol: ICMP}
              - {action: Allow, protocol: ICMPv6}
            ---
            apiVersion: projectcalico.org/v3
            kind: GlobalNetworkPolicy
            metadata: {name: servers-only-answer}
            spec:
              selector: side == 'servers'
              applyOnForward: true
              types: [Ingress]
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: web}
            spec:
              clusterIP: 10.96.7.1
              ports:
              - {name: http, protocol: TCP, port: 80}
              - {name: upload, protocol: TCP, port: 5202}
            ---
            apiVersion: discovery.k8s.io/v1
            kind: EndpointSlice
            metadata: {name: web-1, labels: {kubernetes.io/service-name: web}}
            addressType: IPv4
            ports:
            - {name: http, protocol: TCP, port: 8080}
            - {name: upload, protocol: TCP, port: 5202}
            endpoints:
            - {addresses: [10.71.4.2]}
            """;

    final Path folder;
    final Namespace client;
    final Namespace server;
    final Path big;
    final RunningManx manx;
    private final Namespaces net;
    private final Running storm;

    StacksLab(Path folder) throws IOException {
        this.folder = folder;
        net = Namespaces.ofThisProcess("manx-stacks");
        try {
            client = net.add("client");
            Namespace wire = net.add("storm");
            Namespace gateway = net.add("gw").forward();
            Namespace near = net.add("near").forward();
            Namespace far = net.add("far").forward();
            server = net.add("server");
            net.connect(client, "eth0", wire, "left");
            net.connect(gateway, "c", wire, "right");
            net.connect(gateway, "s", near, "to-gw");
            net.connect(near, "to-far", far, "to-near");
            net.connect(far, "to-server", server, "eth0");
            addresses(gateway, near, far);
            onTheWire(wire, gateway);
            big = Files.write(folder.resolve("big"), bytes());
            serve();
            storm = storm(wire);
            Path config = Files.createDirectories(folder.resolve("config"));
            Files.writeString(config.resolve("all.yaml"), RESOURCES);
            manx = RunningManx.start(folder, gateway, "--config", config.toString());
        } catch (RuntimeException | Error | IOException e) {
            net.close();
            throw e;
        }
    }

    private void addresses(Namespace gateway, Namespace near, Namespace far) {
        link(client, "eth0", gateway, "c", 1);
        link(near, "to-gw", gateway, "s", 2);
        link(far, "to-near", near, "to-far", 3);
        link(server, "eth0", far, "to-server", 4);
        client.route("default", "10.71.1.1").route("default", "fd71:1::1");
        server.route("default", "10.71.4.1").route("default", "fd71:4::1");
        for (int subnet = 3; subnet <= 4; subnet++) {
            gateway.route("10.71." + subnet + ".0/24", "10.71.2.2").route("fd71:" + subnet + "::/64", "fd71:2::2");
        }
        near.route("10.71.4.0/24", "10.71.3.2").route("fd71:4::/64", "fd71:3::2");
        near.route("10.71.1.0/24", "10.71.2.1").route("fd71:1::/64", "fd71:2::1");
        far.route("default", "10.71.3.1").route("default", "fd71:3::1");
        gateway.route("10.96.0.0/16", "10.71.1.2");
        near.ip("link set to-far mtu " + NARROW);
        far.ip("link set to-near mtu " + NARROW);
    }

    /** The lower end is .1, which is nearer to the client but for the client's own. */
    private static void link(Namespace there, String device, Namespace here, String deviceHere, int subnet) {
        there.address(device, "10.71." + subnet + ".2/24", "fd71:" + subnet + "::2/64");
        here.address(deviceHere, "10.71." + subnet + ".1/24", "fd71:" + subnet + "::1/64");
    }

    /** What crosses the storm is whole on its own, as on a wire: no segments of 64 KiB, no checksums left to the card. */
    private void onTheWire(Namespace wire, Namespace gateway) {
        for (String end : List.of("left", "right")) {
            wire.sysctl("net.ipv6.conf." + end + ".disable_ipv6", "1");
        }
        client.exec("ethtool", "-K", "eth0", "tx", "off", "tso", "off", "gso", "off", "gro", "off");
        server.exec("ethtool", "-K", "eth0", "tx", "off", "tso", "off", "gso", "off", "gro", "off");
        gateway.exec("ethtool", "-K", "c", "tx", "off", "tso", "off", "gso", "off", "gro", "off");
    }

    private static byte[] bytes() {
        byte[] bytes = new byte[BIG_BYTES];
        new Random(4).nextBytes(bytes);
        return bytes;
    }

    private void serve() throws IOException {
        Path config = folder.resolve("nginx.conf");
        Files.writeString(config, """
                user root; daemon off; pid %1$s/nginx.pid; error_log stderr;
                events {}
                http {
                    access_log off; client_body_temp_path %1$s/body; proxy_temp_path %1$s/p;
                    fastcgi_temp_path %1$s/f; uwsgi_temp_path %1$s/u; scgi_temp_path %1$s/s;
                    server { listen %2$d; listen [::]:%2$d; root %1$s; }
                }
                """.formatted(folder, HTTP));
        server.start("nginx", "-c", config.toString());
        listening(HTTP);
    }

    void listening(int port) {
        Await.until("the server listens on port " + port, () ->
                !server.exec("ss", "-H", "-tln", "sport", "=", Integer.toString(port)).isBlank());
    }

    private Running storm(Namespace wire) {
        Running started = JavaProgram.of(StormMain.class, "left", "right", "4").with("-Xmx64m").startIn(wire);
        started.awaitLine("carrying", SOON);
        return started;
    }

    /** Of a thousand frames, in each direction. */
    void weather(int lost, int twice, int late) {
        String line = lost + " " + twice + " " + late;
        storm.input(line);
        storm.awaitLine("now " + line, SOON);
    }

    /** Ends the storm. @return how many frames it has lost, carried twice, and held up */
    String damage() {
        storm.endInput();
        storm.awaitEnd(SOON);
        return storm.output().lines().reduce((first, second) -> second).orElseThrow();
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
