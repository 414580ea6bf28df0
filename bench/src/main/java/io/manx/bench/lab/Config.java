package io.manx.bench.lab;

import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What is asked of Manx and of its rivals alike, in Manx's words. */
public final class Config {
    /** Allowed by the last of the rules. */
    public static final int PORT = 5201;
    /** No rule allows it. */
    public static final int DENIED_PORT = 9;
    /** Of the service that the lab's server is behind. */
    public static final String FRONTEND = "10.96.0.1";
    public static final int FRONTEND_PORT = 80;

    private Config() {}

    /** Both ports guarded by nothing yet. {@code peer}: the server is a workload of this host. */
    public static String endpoints(boolean peer) {
        return """
                apiVersion: projectcalico.org/v3
                kind: HostEndpoint
                metadata: {name: client, labels: {side: client}}
                spec: {node: here, interfaceName: client, expectedIPs: [10.20.0.1]}
                ---
                """
                + (peer
                        ? """
                        apiVersion: projectcalico.org/v3
                        kind: WorkloadEndpoint
                        metadata: {name: here-k8s-server-eth0, namespace: default, labels: {side: server}}
                        spec: {orchestrator: k8s, node: here, pod: server, endpoint: eth0, interfaceName: server,
                          ipNetworks: [10.30.0.2/32, "fd30::2/128"]}
                        ---
                        """
                        : """
                        apiVersion: projectcalico.org/v3
                        kind: HostEndpoint
                        metadata: {name: server, labels: {side: server}}
                        spec: {node: here, interfaceName: server, expectedIPs: [10.30.0.1]}
                        ---
                        """);
    }

    /** For what comes in from the client: so many rules, of which the last two let the benchmark's traffic in. */
    public static String rules(int number) {
        String others = IntStream.range(0, Math.max(0, number - 2))
                .mapToObj(i -> "  - {action: Allow, protocol: " + (i % 2 == 0 ? "TCP" : "UDP") + ", source: {nets: [" + ruleNet(i)
                        + "]}, destination: {ports: [" + rulePort(i) + "]}}\n")
                .collect(Collectors.joining());
        return """
                apiVersion: projectcalico.org/v3
                kind: GlobalNetworkPolicy
                metadata: {name: from-client}
                spec:
                  selector: side == 'client'
                  applyOnForward: true
                  types: [Ingress]
                  ingress:
                """
                + others
                + """
                  - {action: Allow, protocol: UDP, destination: {ports: [5201, 8080]}}
                  - {action: Allow, protocol: TCP, destination: {ports: [5201, 8080]}}
                ---
                """;
    }

    /** Of a rule that none of the benchmark's packets matches. */
    public static String ruleNet(int rule) {
        return "192." + (64 + rule / 250 % 64) + "." + rule % 250 + ".0/24";
    }

    public static int rulePort(int rule) {
        return 10_000 + rule % 50_000;
    }

    /** So many services of one backend each; the first is the one that traffic is sent to, the others' are never reached. */
    public static String services(int number) {
        return IntStream.range(0, number).mapToObj(Config::service).collect(Collectors.joining());
    }

    public static String frontend(int service) {
        return "10.96." + service / 250 + "." + (1 + service % 250);
    }

    private static String service(int number) {
        String backend = number == 0 ? Lab.SERVER4 : "10.30." + (1 + number / 250) + "." + (1 + number % 250);
        return """
                apiVersion: v1
                kind: Service
                metadata: {name: s%1$d, namespace: default}
                spec:
                  clusterIP: %2$s
                  ports:
                  - {name: tcp, protocol: TCP, port: 80, targetPort: 8080}
                  - {name: udp, protocol: UDP, port: 80, targetPort: 8080}
                ---
                apiVersion: discovery.k8s.io/v1
                kind: EndpointSlice
                metadata: {name: s%1$d-a, namespace: default, labels: {kubernetes.io/service-name: s%1$d}}
                addressType: IPv4
                ports:
                - {name: tcp, protocol: TCP, port: 8080}
                - {name: udp, protocol: UDP, port: 8080}
                endpoints: [{addresses: [%3$s]}]
                ---
                """.formatted(number, frontend(number), backend);
    }

    /** Both ports have exactly these stages. */
    public static String order(Iterable<String> stages) {
        return """
                apiVersion: manx.io/v1
                kind: Pipeline
                metadata: {name: shortened}
                spec: {interfaces: [client, server], order: [%s]}
                ---
                """.formatted(String.join(", ", stages));
    }
}
