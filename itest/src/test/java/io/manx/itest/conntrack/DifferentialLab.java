package io.manx.itest.conntrack;

import io.manx.itest.JavaProgram;
import io.manx.itest.e2e.RunningManx;
import io.manx.testkit.Namespace;
import io.manx.testkit.Namespaces;
import io.manx.testkit.Running;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;

/**
 * Two gateways side by side, and one namespace that holds both ends of either:
 *
 * <pre>
 *          ┌─ mc ── c  Manx         s ── ms ─┐
 *   ends ──┤                                 ├── ends
 *          └─ kc ── c  nftables     s ── ks ─┘
 * </pre>
 *
 * The ends' interfaces have no addresses: only frames as they are made come from there, and nobody answers. On a trunk
 * the ends are cabled to ports before c and s, in between which programs take the VLAN's tags off and put them on:
 *
 * <pre>
 *   mc ── cp  Manx, then trunk.bpf.c  cw ── c  the kernel's routes  s ── sw  trunk.bpf.c, Manx  sp ── ms
 * </pre>
 */
final class DifferentialLab implements AutoCloseable {
    private static final String RESOURCES =
            """
            apiVersion: projectcalico.org/v3
            kind: WorkloadEndpoint
            metadata: {name: client, labels: {side: client}}
            spec:
              interfaceName: %s
              mac: %s
              ipNetworks: [%s]
            ---
            apiVersion: projectcalico.org/v3
            kind: WorkloadEndpoint
            metadata: {name: server, labels: {side: server}}
            spec:
              interfaceName: %s
              mac: %s
              ipNetworks: [%s, "%s", %s, "%s"]
            ---
            apiVersion: projectcalico.org/v3
            kind: GlobalNetworkPolicy
            metadata: {name: server}
            spec:
              selector: side == 'server'
              types: [Ingress]
              ingress:
              - {action: Allow, protocol: TCP, destination: {ports: ["%d:%d"]}}
              - {action: Allow, protocol: UDP, destination: {ports: ["%d:%d", %d]}}
              - {action: Allow, protocol: SCTP, destination: {ports: ["%d:%d"]}}
              - {action: Allow, protocol: 47}
              - {action: Allow, protocol: %d}
              - {action: Allow, protocol: ICMP}
              - {action: Allow, protocol: ICMPv6}
            ---
            apiVersion: projectcalico.org/v3
            kind: GlobalNetworkPolicy
            metadata: {name: client}
            spec:
              selector: side == 'client'
              types: [Ingress]
            """;

    private static final String SERVICE =
            """
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: %s}
            spec:
              clusterIP: "%s"
              ports: [%s]
            ---
            apiVersion: discovery.k8s.io/v1
            kind: EndpointSlice
            metadata: {name: %s-1, labels: {kubernetes.io/service-name: %s}}
            addressType: %s
            ports: [%s]
            endpoints:
            - {addresses: ["%s"]}
            """;

    private static final String RULES =
            """
            table inet gate {
              chain prerouting {
                type nat hook prerouting priority dstnat; policy accept;
                %4$s
              }
              chain forward {
                type filter hook forward priority filter; policy drop;
                ct state established,related accept
                ct state invalid drop
                iifname "c" oifname "s" tcp dport %1$d-%2$d accept
                iifname "c" oifname "s" udp dport { %3$d, %1$d-%2$d } accept
                iifname "c" oifname "s" sctp dport %1$d-%2$d accept
                iifname "c" oifname "s" meta l4proto { icmp, ipv6-icmp, gre, %5$d } accept
              }
            }
            """;

    private static final String TRUNK = Path.of("target/test-classes/META-INF/bpf/trunk.bpf.o").toAbsolutePath().toString();

    private final Mode mode;
    private final Wire wire;
    private final Namespaces net;
    private final Namespace ends;
    private final int mtu;
    private final RunningManx manx;

    DifferentialLab(Path folder, Mode mode, Wire wire) throws IOException {
        this(folder, mode, wire, 1500, Timeouts.AS_THEY_COME);
    }

    /** @param mtu of all interfaces, bytes */
    DifferentialLab(Path folder, Mode mode, Wire wire, int mtu, Timeouts timeouts) throws IOException {
        this.mode = mode;
        this.wire = wire;
        this.mtu = mtu;
        net = Namespaces.ofThisProcess("manx-diff");
        try {
            ends = net.add("ends");
            Namespace ours = gateway("manx", "m");
            Namespace kernels = gateway("kernel", "k");
            Path rules = Files.writeString(folder.resolve("rules.nft"),
                    RULES.formatted(Hosts.OPEN_FIRST, Hosts.OPEN_LAST, Hosts.MARKER_PORT, translations(), Hosts.OTHER_PROTOCOL));
            kernels.exec("nft", "-f", rules.toString());
            kernels.sysctl(mode.sysctl(), mode.value());
            timeouts.sysctls().forEach((of, seconds) -> kernels.sysctl("net.netfilter.nf_conntrack_" + of, Integer.toString(seconds)));
            Path config = Files.createDirectories(folder.resolve("config"));
            Files.writeString(config.resolve("policy.yaml"), resources());
            Files.writeString(config.resolve("services.yaml"), services());
            Files.writeString(config.resolve("settings.yaml"), mode.settings(timeouts.settings()));
            Files.writeString(config.resolve("felix.yaml"), timeouts.felix());
            manx = RunningManx.start(folder, ours, "--config", config.toString());
        } catch (RuntimeException | Error | IOException e) {
            net.close();
            throw e;
        }
    }

    private String resources() {
        List<String> clients = new ArrayList<>();
        for (int i = 0; i < Hosts.CLIENTS; i++) {
            clients.add(Hosts.client(false, i).getHostAddress());
            clients.add("\"" + Hosts.client(true, i).getHostAddress() + "\"");
        }
        return RESOURCES.formatted(
                wire.port("c"), mac(Hosts.CLIENT_MAC), String.join(", ", clients),
                wire.port("s"), mac(Hosts.SERVER_MAC), Hosts.SERVER.getHostAddress(), Hosts.SERVER6.getHostAddress(),
                Hosts.ROUTER.getHostAddress(), Hosts.ROUTER6.getHostAddress(),
                Hosts.OPEN_FIRST, Hosts.OPEN_LAST, Hosts.OPEN_FIRST, Hosts.OPEN_LAST, Hosts.MARKER_PORT,
                Hosts.OPEN_FIRST, Hosts.OPEN_LAST, Hosts.OTHER_PROTOCOL);
    }

    /** The service of both, as nftables' rules. */
    private static String translations() {
        StringBuilder rules = new StringBuilder();
        for (int i = 0; i < Hosts.SERVICE_PORTS; i++) {
            for (String protocol : List.of("tcp", "udp")) {
                String port = protocol + " dport " + (Hosts.SERVICE_FIRST + i) + " dnat ";
                int backend = Hosts.BACKEND_FIRST + i;
                rules.append("ip daddr ").append(Hosts.SERVICE.getHostAddress()).append(' ').append(port)
                        .append("ip to ").append(Hosts.SERVER.getHostAddress()).append(':').append(backend).append('\n');
                rules.append("ip6 daddr ").append(Hosts.SERVICE6.getHostAddress()).append(' ').append(port)
                        .append("ip6 to [").append(Hosts.SERVER6.getHostAddress()).append("]:").append(backend).append('\n');
            }
        }
        return rules.toString();
    }

    /** The same, as resources: a Service and an EndpointSlice of each family. */
    private static String services() {
        StringBuilder documents = new StringBuilder();
        for (boolean v6 : new boolean[] {false, true}) {
            String name = v6 ? "web6" : "web";
            documents.append(SERVICE.formatted(
                    name, Hosts.service(v6).getHostAddress(), ports(Hosts.SERVICE_FIRST), name, name,
                    v6 ? "IPv6" : "IPv4", ports(Hosts.BACKEND_FIRST), Hosts.server(v6).getHostAddress()));
        }
        return documents.toString();
    }

    private static String ports(int first) {
        List<String> ports = new ArrayList<>();
        for (int i = 0; i < Hosts.SERVICE_PORTS; i++) {
            ports.add("{name: t%d, protocol: TCP, port: %d}".formatted(i, first + i));
            ports.add("{name: u%d, protocol: UDP, port: %d}".formatted(i, first + i));
        }
        return String.join(", ", ports);
    }

    /** Nobody is asked for a MAC address: nobody would answer. */
    private Namespace gateway(String name, String prefix) {
        Namespace gateway = net.add(name).forward();
        /* What it tells a sender would depend on when it told the last one. */
        gateway.sysctl("net.ipv4.icmp_ratelimit", "0").sysctl("net.ipv6.icmp.ratelimit", "0");
        cable(prefix, gateway, "c", Hosts.CLIENT_MAC, Hosts.GATEWAY_MAC_TO_CLIENT);
        cable(prefix, gateway, "s", Hosts.SERVER_MAC, Hosts.GATEWAY_MAC_TO_SERVER);
        gateway.address("c", Hosts.CLIENT_NET + "1/24", Hosts.CLIENT_NET6 + "1/64");
        gateway.address("s", "10.82.0.1/24", "fd82::1/64");
        /* What is not translated goes the same way, and is judged, not answered. */
        gateway.route("10.96.0.0/16", Hosts.SERVER.getHostAddress()).route("fd96::/16", Hosts.SERVER6.getHostAddress());
        for (int i = 0; i < Hosts.CLIENTS; i++) {
            neighbour(gateway, Hosts.client(false, i).getHostAddress(), "c", Hosts.CLIENT_MAC);
            neighbour(gateway, Hosts.client(true, i).getHostAddress(), "c", Hosts.CLIENT_MAC);
        }
        for (boolean v6 : new boolean[] {false, true}) {
            neighbour(gateway, Hosts.server(v6).getHostAddress(), "s", Hosts.SERVER_MAC);
            neighbour(gateway, Hosts.router(v6).getHostAddress(), "s", Hosts.SERVER_MAC);
        }
        return gateway;
    }

    /** @param device of the gateway, by which the kernel routes */
    private void cable(String prefix, Namespace gateway, String device, byte[] endMac, byte[] gatewayMac) {
        String end = prefix + device;
        String port = wire.port(device);
        net.connect(ends, end, gateway, port);
        ends.sysctl("net.ipv6.conf." + end + ".disable_ipv6", "1");
        ends.ip("link set " + end + " address " + mac(endMac) + " arp off mtu " + mtu);
        gateway.ip("link set " + port + " address " + mac(gatewayMac) + " mtu " + mtu);
        if (wire.isTrunk()) {
            String inner = device + "w";
            net.connect(gateway, device, gateway, inner);
            gateway.sysctl("net.ipv6.conf." + inner + ".disable_ipv6", "1");
            gateway.ip("link set " + device + " address " + mac(gatewayMac) + " mtu " + mtu);
            gateway.ip("link set " + inner + " mtu " + mtu);
            onwards(gateway, port, inner, "off");
            onwards(gateway, inner, port, "on_" + wire.tags(new Random(0)));
        }
    }

    /** What comes in by one and this program takes goes out by the other. */
    private static void onwards(Namespace gateway, String in, String out, String program) {
        gateway.exec("tc", "qdisc", "add", "dev", in, "clsact");
        gateway.exec("tc", "filter", "add", "dev", in, "ingress", "bpf", "obj", TRUNK, "sec", program, "classid", "1:1",
                "action", "mirred", "egress", "redirect", "dev", out);
    }

    private static void neighbour(Namespace gateway, String address, String device, byte[] mac) {
        gateway.ip("neigh replace " + address + " lladdr " + mac(mac) + " dev " + device + " nud permanent");
    }

    private static String mac(byte[] mac) {
        return HexFormat.ofDelimiter(":").formatHex(mac);
    }

    /** Compares so many scenarios, the first of this number. */
    Running compare(long seed, int first, int count) {
        return start(DifferentialMain.class, mode.name(), wire.name(), Long.toString(seed), Integer.toString(first), Integer.toString(count));
    }

    /** Compares flows that fall silent. */
    Running compareSilent(long seed) {
        return start(SilentMain.class, mode.name(), Long.toString(seed));
    }

    /** Has what the ends send to Manx pass this program first. */
    void guard(String object) {
        for (String device : List.of("mc", "ms")) {
            ends.exec("tc", "qdisc", "add", "dev", device, "clsact");
            ends.exec("tc", "filter", "add", "dev", device, "egress", "bpf", "da", "obj", object, "sec", "tc");
        }
    }

    /** A program among the ends. It stays on one CPU: see {@link Gateway}. */
    Running start(Class<?> main, String... arguments) {
        return JavaProgram.of(main, arguments).behind("taskset", "-c", "0").with("-Xmx256m").startIn(ends);
    }

    RunningManx manx() {
        return manx;
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
