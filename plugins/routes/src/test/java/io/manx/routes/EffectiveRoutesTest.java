package io.manx.routes;

import static org.assertj.core.api.Assertions.assertThat;

import io.manx.api.network.Interface;
import io.manx.api.network.KernelRoute;
import io.manx.api.resource.Cidr;
import io.manx.testkit.Packets;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The kernel's routes and interfaces in, the table's entries out. */
class EffectiveRoutesTest {
    private static final int MAIN = 254;
    private static final int LOCAL = 255;
    private static final int DEFAULT = 253;

    private static final Interface LOOPBACK = link(1, "lo", "", 65536, false, "up", "loopback");
    private static final Interface UPLINK = link(2, "eth0", "", 1500, false, "up");
    private static final Interface SECOND = link(3, "eth1", "", 9000, false, "up");
    private static final Interface DOWN = link(4, "eth2", "", 1500, false);
    private static final Interface WORKLOAD = link(5, "cali1", "veth", 1500, true, "up");
    private static final Interface NO_ENDPOINT = link(6, "veth7", "veth", 1500, true, "up");
    private static final Interface PEER_HERE = link(7, "cali2", "veth", 1500, false, "up");
    private static final List<Interface> INTERFACES =
            List.of(LOOPBACK, UPLINK, SECOND, DOWN, WORKLOAD, NO_ENDPOINT, PEER_HERE);
    private static final Set<String> WORKLOADS = Set.of("cali1", "cali2");

    private static final String GATEWAY = "192.0.2.1";

    @Test
    void skipsRoutesOfInterfacesThatAreDown() {
        assertThat(effective(unicast("10.0.0.0/8", DOWN))).doesNotContainKey("10.0.0.0/8");
    }

    @Test
    void leavesToTheStackWhatTheKernelMustAnswer() {
        for (String type : List.of("blackhole", "unreachable", "prohibit", "throw")) {
            KernelRoute route = route("10.0.0.0/8", MAIN, type, 0, "", 0);

            assertThat(effective(route).get("10.0.0.0/8").kind()).as(type).isEqualTo(RouteKind.STACK);
        }
    }

    @Test
    void leavesIpv4WithoutRouteToTheStackThoughIpv6HasADefault() {
        Map<String, RouteEntry> entries = effective(unicast("::/0", UPLINK));

        assertThat(entries.get("0.0.0.0/0").kind()).isEqualTo(RouteKind.STACK);
        assertThat(entries.get("0.0.0.0/0").prefixLength()).isEqualTo(96);
        assertThat(entries.get("::/0").kind()).isEqualTo(RouteKind.NEIGHBOUR);
    }

    @Test
    void leavesLinkLocalIpv6ToTheStackButForThisHostsOwn() {
        Map<String, RouteEntry> entries =
                effective(unicast("fe80::/64", UPLINK), route("fe80::1/128", LOCAL, "local", 2, "", 0));

        assertThat(entries).doesNotContainKey("fe80::/64");
        assertThat(entries.get("fe80::/10").kind()).isEqualTo(RouteKind.STACK);
        assertThat(entries.get("fe80::1/128").kind()).isEqualTo(RouteKind.LOCAL);
    }

    @Test
    void leavesRoutesByLoopbackToTheStack() {
        assertThat(effective(unicast("10.0.0.0/8", LOOPBACK)).get("10.0.0.0/8").kind())
                .isEqualTo(RouteKind.STACK);
    }

    @Test
    void keepsLocalBroadcastAndMulticastOnThisHost() {
        for (String type : List.of("local", "broadcast", "multicast", "anycast")) {
            KernelRoute route = route("192.0.2.7/32", LOCAL, type, 2, "", 0);

            assertThat(effective(route).get("192.0.2.7/32").kind()).as(type).isEqualTo(RouteKind.LOCAL);
        }
    }

    @Test
    void sendsByTheGatewayOfTheLowestMetric() {
        Map<String, RouteEntry> entries = effective(
                route("0.0.0.0/0", MAIN, "unicast", 3, GATEWAY, 200), route("0.0.0.0/0", MAIN, "unicast", 2, GATEWAY, 100));

        assertThat(entries.get("0.0.0.0/0"))
                .isEqualTo(new RouteEntry(
                        cidr("0.0.0.0/0"), RouteKind.NEIGHBOUR, 2, Optional.of(Packets.address(GATEWAY)), 1500));
    }

    @Test
    void takesTheNextMetricWhenTheBestInterfaceIsDown() {
        Map<String, RouteEntry> entries = effective(
                route("0.0.0.0/0", MAIN, "unicast", 4, GATEWAY, 100), route("0.0.0.0/0", MAIN, "unicast", 2, GATEWAY, 200));

        assertThat(entries.get("0.0.0.0/0").ifindex()).isEqualTo(2);
    }

    @Test
    void prefersTheLocalTableToTheMainOne() {
        Map<String, RouteEntry> entries =
                effective(unicast("192.0.2.7/32", UPLINK), route("192.0.2.7/32", LOCAL, "local", 2, "", 500));

        assertThat(entries.get("192.0.2.7/32").kind()).isEqualTo(RouteKind.LOCAL);
    }

    @Test
    void usesTheDefaultTableOnlyWhereMainCoversNothing() {
        Map<String, RouteEntry> entries = effective(
                unicast("10.0.0.0/8", UPLINK),
                route("10.1.0.0/16", DEFAULT, "unicast", 3, GATEWAY, 0),
                route("172.16.0.0/12", DEFAULT, "unicast", 3, GATEWAY, 0));

        assertThat(entries).doesNotContainKey("10.1.0.0/16");
        assertThat(entries.get("172.16.0.0/12").ifindex()).isEqualTo(3);
    }

    @Test
    void handsToTheWorkloadOnlyByAVethOfItsEndpointWithoutGateway() {
        assertThat(kindOf(unicast("10.1.0.2/32", NO_ENDPOINT))).isEqualTo(RouteKind.NEIGHBOUR);
        assertThat(kindOf(unicast("10.1.0.2/32", PEER_HERE))).isEqualTo(RouteKind.NEIGHBOUR);
        assertThat(kindOf(route("10.1.0.2/32", MAIN, "unicast", 5, GATEWAY, 0))).isEqualTo(RouteKind.NEIGHBOUR);
        assertThat(kindOf(unicast("10.1.0.2/32", WORKLOAD))).isEqualTo(RouteKind.WORKLOAD);
    }

    @Test
    void takesTheMtuOfTheInterface() {
        assertThat(effective(unicast("10.0.0.0/8", SECOND)).get("10.0.0.0/8").mtu())
                .isEqualTo(9000);
    }

    private static RouteKind kindOf(KernelRoute route) {
        return effective(route).get("10.1.0.2/32").kind();
    }

    private static Map<String, RouteEntry> effective(KernelRoute... routes) {
        return EffectiveRoutes.of(List.of(routes), INTERFACES, WORKLOADS).stream()
                .collect(Collectors.toMap(entry -> RouteRow.of(entry, Map.of()).prefix(), Function.identity()));
    }

    private static KernelRoute unicast(String prefix, Interface by) {
        return route(prefix, MAIN, "unicast", by.index(), "", 0);
    }

    private static KernelRoute route(String prefix, int table, String type, int ifindex, String gateway, long metric) {
        Cidr cidr = cidr(prefix);
        Optional<InetAddress> hop = gateway.isEmpty() ? Optional.empty() : Optional.of(Packets.address(gateway));
        return new KernelRoute(cidr.address(), cidr.length(), table, type, ifindex, hop, metric);
    }

    private static Cidr cidr(String prefix) {
        String[] parts = prefix.split("/");
        return new Cidr(Packets.address(parts[0]), Integer.parseInt(parts[1]));
    }

    private static Interface link(int index, String name, String kind, int mtu, boolean elsewhere, String... flags) {
        return new Interface(index, name, kind, new byte[6], mtu, elsewhere, Set.of(flags));
    }
}
