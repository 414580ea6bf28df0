package io.manx.itest.e2e;

import io.manx.itest.Await;
import io.manx.itest.Home;
import io.manx.testkit.EchoStream;
import io.manx.testkit.Namespace;
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
    static final String ADDRESS_ONE = "10.99.2.2";
    static final String SERVICE = "10.96.0.10";
    static final String SERVICE6 = "fd96::10";
    static final int UDP_PORT = 5300;
    /** No rule allows it. */
    static final int CLOSED_PORT = 9999;

    final Path folder;
    final Namespace client;
    final Namespace gateway;
    final Namespace one;
    final Namespace two;
    /** Policy allows UDP and TCP to it. */
    static final int STREAM_PORT = 5201;

    private final Namespaces net;

    /** @param prefix of the namespaces' names, this test's own */
    Lab(String prefix) throws IOException {
        folder = Files.createTempDirectory(prefix);
        net = Namespaces.ofThisProcess(prefix);
        try {
            client = net.add("client");
            gateway = net.add("gw").forward();
            one = net.add("one");
            two = net.add("two");
            connect(client, "cl0", 1);
            connect(one, "s1", 2);
            connect(two, "s2", 3);
            /* The host's own stack must have some route to a service's address before tc sees the packet. */
            gateway.route("10.96.0.0/16", "10.99.1.2");
            serve(one, "one");
            serve(two, "two");
        } catch (RuntimeException | Error | IOException e) {
            net.close();
            throw e;
        }
    }

    private void connect(Namespace host, String gatewayEnd, int subnet) {
        net.connect(host, "eth0", gateway, gatewayEnd);
        host.address("eth0", "10.99." + subnet + ".2/24", "fd99:" + subnet + "::2/64");
        gateway.address(gatewayEnd, "10.99." + subnet + ".1/24", "fd99:" + subnet + "::1/64");
        host.route("default", "10.99." + subnet + ".1").route("default", "fd99:" + subnet + "::1");
    }

    private void serve(Namespace host, String name) throws IOException {
        Path config = folder.resolve("nginx-" + name + ".conf");
        Files.writeString(config, """
                daemon off; pid %1$s/nginx-%2$s.pid; error_log stderr;
                events {}
                http {
                    access_log off; client_body_temp_path %1$s/body-%2$s; proxy_temp_path %1$s/p-%2$s;
                    fastcgi_temp_path %1$s/f-%2$s; uwsgi_temp_path %1$s/u-%2$s; scgi_temp_path %1$s/s-%2$s;
                    server { listen 8080; listen [::]:8080; location / { return 200 "%2$s\\n"; } }
                }
                """.formatted(folder, name));
        host.start("nginx", "-c", config.toString());
        for (String socket : List.of("UDP4-RECVFROM:" + UDP_PORT, "UDP6-RECVFROM:" + UDP_PORT + ",ipv6only=1")) {
            host.start("socat", socket + ",fork", "SYSTEM:read question; echo " + name);
        }
        awaitSockets(host, "-tln", 8080);
        awaitSockets(host, "-uan", UDP_PORT);
    }

    /** Of both families. */
    private static void awaitSockets(Namespace host, String kind, int port) {
        Await.until(host + " listens on port " + port, () ->
                host.exec("ss", "-H", kind, "sport", "=", Integer.toString(port)).lines().count() >= 2);
    }

    /** The endpoints, the service and a policy that allows ping, HTTP, UDP 5300 and what goes to 5201, as Manx reads them. */
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

    /** Datagrams from the client to server one and back. */
    EchoStream stream() {
        return EchoStream.start(client, one, ADDRESS_ONE, STREAM_PORT);
    }

    @Override
    public void close() {
        net.close();
    }
}
