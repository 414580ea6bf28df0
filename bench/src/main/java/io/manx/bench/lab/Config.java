package io.manx.bench.lab;

import java.util.Locale;
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
    public static final int BACKEND_PORT = 8080;

    private Config() {}

    /** The lab's two ports, as the ways to other hosts. */
    public static final String HOSTS =
            """
            apiVersion: projectcalico.org/v3
            kind: HostEndpoint
            metadata: {name: client, labels: {side: client}}
            spec: {node: here, interfaceName: client, expectedIPs: [10.20.0.1]}
            ---
            apiVersion: projectcalico.org/v3
            kind: HostEndpoint
            metadata: {name: server, labels: {side: server}}
            spec: {node: here, interfaceName: server, expectedIPs: [10.30.0.1]}
            ---
            """;

    /** The lab's two ports, as the ways into workloads of this host. */
    public static final String WORKLOADS =
            """
            apiVersion: projectcalico.org/v3
            kind: WorkloadEndpoint
            metadata: {name: here-k8s-client-eth0, namespace: default, labels: {side: client}}
            spec: {orchestrator: k8s, node: here, pod: client, endpoint: eth0, interfaceName: client,
              ipNetworks: [10.20.0.2/32, "fd20::2/128"]}
            ---
            apiVersion: projectcalico.org/v3
            kind: WorkloadEndpoint
            metadata: {name: here-k8s-server-eth0, namespace: default, labels: {side: server}}
            spec: {orchestrator: k8s, node: here, pod: server, endpoint: eth0, interfaceName: server,
              ipNetworks: [10.30.0.2/32, "fd30::2/128"]}
            ---
            """;

    /** So many rules for what comes in by the client's port. */
    public static String rulesForHosts(int number) {
        return policy("side == 'client'", number);
    }

    /** So many rules for what goes into the server. */
    public static String rulesForWorkloads(int number) {
        return policy("side == 'server'", number);
    }

    /** The last two let the benchmark's traffic in. */
    private static String policy(String selector, int number) {
        String others = IntStream.range(0, Math.max(0, number - 2))
                .mapToObj(i -> "  - {action: Allow, protocol: " + ruleProtocol(i).toUpperCase(Locale.ROOT) + ", source: {nets: ["
                        + ruleNet(i) + "]}, destination: {ports: [" + rulePort(i) + "]}}\n")
                .collect(Collectors.joining());
        return """
                apiVersion: projectcalico.org/v3
                kind: GlobalNetworkPolicy
                metadata: {name: guard}
                spec:
                  selector: %s
                  applyOnForward: true
                  types: [Ingress]
                  ingress:
                """.formatted(selector)
                + others
                + """
                  - {action: Allow, protocol: UDP, destination: {ports: [5201, 8080]}}
                  - {action: Allow, protocol: TCP, destination: {ports: [5201, 8080]}}
                ---
                """;
    }

    public static String ruleProtocol(int rule) {
        return rule % 2 == 0 ? "tcp" : "udp";
    }

    /** Of a rule that none of the benchmark's packets matches. */
    public static String ruleNet(int rule) {
        return "192." + (64 + rule / 250 % 64) + "." + rule % 250 + ".0/24";
    }

    public static int rulePort(int rule) {
        return 10_000 + rule % 50_000;
    }

    /** So many services of one backend each; traffic is sent to the one at FRONTEND, which is in their middle. */
    public static String services(int number) {
        return IntStream.range(0, number).mapToObj(i -> service(i, number)).collect(Collectors.joining());
    }

    public static String frontend(int service, int of) {
        return service == of / 2 ? FRONTEND : "10.97." + service / 250 + "." + (1 + service % 250);
    }

    public static String backend(int service, int of) {
        return service == of / 2 ? Lab.SERVER4 : "10.30." + (1 + service / 250) + "." + (1 + service % 250);
    }

    private static String service(int number, int of) {
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
                """.formatted(number, frontend(number, of), backend(number, of));
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
