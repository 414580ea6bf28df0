package io.manx.itest.e2e;

import io.manx.testkit.Namespace;
import io.manx.testkit.Namespaces;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A gateway with 200 veths, the other ends of three in namespaces of their own, those of the others in one:
 *
 * <pre>
 *   gateway ──v0── first   10.50.0.2
 *           ──v1── middle  10.50.1.2
 *           ──v2── last    10.50.2.2
 *           ──v3── v199 ── rest
 * </pre>
 */
final class ManyInterfaces implements AutoCloseable {
    static final int COUNT = 200;
    static final int SAMPLES = 3;
    /** Endpoints of interfaces that come and go. */
    static final int MORE = 7;

    final Path folder;
    final Namespace gateway;
    final Namespace[] sample = new Namespace[SAMPLES];
    private final Namespace rest;
    private final Namespaces net;

    /** With the samples' interfaces. */
    ManyInterfaces() throws IOException {
        folder = Files.createTempDirectory("manx-many");
        net = Namespaces.ofThisProcess("manx-many");
        try {
            gateway = net.add("gw").forward();
            rest = net.add("rest");
            for (int i = 0; i < SAMPLES; i++) {
                sample[i] = net.add("host" + i);
                net.connect(sample[i], "eth0", gateway, name(i));
                gateway.address(name(i), "10.50." + i + ".1/24");
                sample[i].address("eth0", address(i) + "/24").route("default", "10.50." + i + ".1");
            }
        } catch (RuntimeException | Error e) {
            net.close();
            throw e;
        }
    }

    static String name(int number) {
        return "v" + number;
    }

    static String address(int number) {
        return "10.50." + number + ".2";
    }

    /** Makes the interfaces beyond the samples', all at once. */
    void fill() throws IOException {
        batch(IntStream.range(SAMPLES, COUNT), i -> """
                link add v%1$d type veth peer name p%1$d netns %2$s
                addr add 10.50.%1$d.1/24 dev v%1$d
                link set v%1$d up
                """.formatted(i, rest.name()));
    }

    void add(int number) {
        gateway.ip("link add " + name(number) + " type veth peer name p" + number + " netns " + rest.name());
    }

    void remove(int number) {
        gateway.ip("link del " + name(number));
    }

    private void batch(IntStream numbers, IntFunction<String> commands) throws IOException {
        Path file = folder.resolve("batch");
        Files.writeString(file, numbers.mapToObj(commands).collect(Collectors.joining()));
        gateway.ip("-batch " + file);
    }

    /** An endpoint for each interface, now or later there, and a policy that allows ping and UDP 5300. */
    Path resources() throws IOException {
        Path config = Files.createDirectories(folder.resolve("config"));
        Files.writeString(config.resolve("policy.yaml"), """
                apiVersion: projectcalico.org/v3
                kind: GlobalNetworkPolicy
                metadata: {name: hosts}
                spec:
                  selector: role == 'host'
                  types: [Ingress]
                  ingress:
                    - {action: Allow, protocol: ICMP}
                    - {action: Allow, protocol: UDP, destination: {ports: [5300]}}
                """);
        Files.writeString(
                config.resolve("endpoints.yaml"),
                IntStream.range(0, COUNT + MORE).mapToObj(i -> """
                        apiVersion: projectcalico.org/v3
                        kind: WorkloadEndpoint
                        metadata: {name: w%1$d, namespace: default, labels: {role: host}}
                        spec: {interfaceName: v%1$d, node: gateway, ipNetworks: [%2$s/32]}
                        """.formatted(i, address(i))).collect(Collectors.joining("---\n")));
        return config;
    }

    @Override
    public void close() {
        net.close();
    }
}
