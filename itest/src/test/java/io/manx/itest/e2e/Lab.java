package io.manx.itest.e2e;

import io.manx.itest.Home;
import io.manx.testkit.Namespaces;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A client, a gateway, two servers, each in a network namespace:
 *
 * <pre>
 *   client 10.99.1.2 ──cl0── gateway ──s1── 10.99.2.2 server one (workload)
 *          fd99:1::2                 ──s2── 10.99.3.2 server two (workload)
 * </pre>
 *
 * The service 10.96.0.10 and fd96::10 has both for backends: nginx on TCP 80 -> 8080, an answering socat on UDP 5300.
 */
final class Lab implements AutoCloseable {
    static final String CLIENT = "client";
    static final String GATEWAY = "gw";
    static final String ONE = "one";
    static final String TWO = "two";
    static final String ADDRESS_ONE = "10.99.2.2";
    static final String SERVICE = "10.96.0.10";
    static final String SERVICE6 = "fd96::10";
    static final int UDP_PORT = 5300;
    /** Nothing allows it. */
    static final int CLOSED_PORT = 9999;

    final Namespaces net;
    final Path folder;
    private final String prefix;

    /** @param prefix of the namespaces' names, this test's own */
    Lab(String prefix) throws IOException {
        this.prefix = prefix;
        this.folder = Files.createTempDirectory(prefix);
        this.net = new Namespaces(prefix);
        try {
            build();
        } catch (RuntimeException | IOException e) {
            net.close();
            throw e;
        }
    }

    String gatewayNamespace() {
        return prefix + "-" + GATEWAY;
    }

    private void build() throws IOException {
        List.of(CLIENT, GATEWAY, ONE, TWO).forEach(net::add);
        connect(CLIENT, "cl0", 1);
        connect(ONE, "s1", 2);
        connect(TWO, "s2", 3);
        net.exec(GATEWAY, "sysctl", "-qw", "net.ipv4.ip_forward=1", "net.ipv6.conf.all.forwarding=1");
        serve(ONE);
        serve(TWO);
    }

    private void connect(String host, String gatewayEnd, int subnet) {
        net.veth(host, "eth0", GATEWAY, gatewayEnd);
        address(host, "eth0", subnet, 2);
        address(GATEWAY, gatewayEnd, subnet, 1);
        net.exec(host, "ip", "route", "add", "default", "via", "10.99." + subnet + ".1");
        net.exec(host, "ip", "-6", "route", "add", "default", "via", "fd99:" + subnet + "::1");
    }

    private void address(String host, String link, int subnet, int number) {
        net.exec(host, "ip", "addr", "add", "10.99." + subnet + "." + number + "/24", "dev", link);
        net.exec(host, "ip", "-6", "addr", "add", "fd99:" + subnet + "::" + number + "/64", "dev", link, "nodad");
        net.exec(host, "ip", "link", "set", link, "up");
        net.exec(host, "ip", "link", "set", "lo", "up");
    }

    private void serve(String host) throws IOException {
        Path config = folder.resolve("nginx-" + host + ".conf");
        Files.writeString(config, """
                daemon off; pid %1$s/nginx-%2$s.pid; error_log stderr;
                events {}
                http {
                    access_log off; client_body_temp_path %1$s/body-%2$s; proxy_temp_path %1$s/p-%2$s;
                    fastcgi_temp_path %1$s/f-%2$s; uwsgi_temp_path %1$s/u-%2$s; scgi_temp_path %1$s/s-%2$s;
                    server { listen 8080; listen [::]:8080; location / { return 200 "%2$s\\n"; } }
                }
                """.formatted(folder, host));
        net.start(host, "nginx", "-c", config.toString());
        for (String family : List.of("UDP4", "UDP6")) {
            net.start(host, "socat", family + "-RECVFROM:" + UDP_PORT + ",fork", "SYSTEM:echo " + host);
        }
    }

    /** The endpoints, the service and a policy that allows ping, HTTP, UDP 5300 and iperf3 (5201), as Manx reads them. */
    Path sampleResources() throws IOException {
        Path config = Files.createDirectories(folder.resolve("config"));
        Path samples = Home.ROOT.resolve("itest/src/test/resources/lab");
        try (var files = Files.list(samples)) {
            for (Path file : files.toList()) {
                Files.copy(file, config.resolve(file.getFileName()), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            }
        }
        return config;
    }

    @Override
    public void close() {
        net.close();
    }
}
