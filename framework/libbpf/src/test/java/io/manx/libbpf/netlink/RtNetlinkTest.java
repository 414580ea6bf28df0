package io.manx.libbpf.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.manx.api.network.Interface;
import io.manx.api.network.KernelRoute;
import io.manx.libbpf.BpfException;
import io.manx.libbpf.Descriptors;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

class RtNetlinkTest {
    private static final int NO_SUCH_TYPE = 4002;

    private final RtNetlink network = new RtNetlink();
    private OwnNamespace namespace;

    @BeforeEach
    void makeAnInterface() throws Exception {
        namespace = new OwnNamespace();
        namespace.ip("link add mxtk0 address 02:00:00:00:00:10 mtu 1400 type veth peer name mxtk1");
        namespace.ip("link set mxtk1 up");
        namespace.ip("addr add 192.0.2.1/24 dev mxtk0");
        namespace.ip("link set mxtk0 up");
        namespace.ip("addr add 2001:db8::1/64 dev mxtk0 nodad");
    }

    @AfterEach
    void leave() {
        network.close();
        namespace.close();
    }

    @Test
    void namesTheCallThatTheKernelRefused() throws Exception {
        assertThatThrownBy(() -> namespace.in(() -> {
                    try (NetlinkSocket socket = new NetlinkSocket(0)) {
                        return socket.dump(NO_SUCH_TYPE, new byte[4], message -> {});
                    }
                }))
                .cause()
                .isInstanceOf(BpfException.class)
                .hasMessageStartingWith("rtnetlink: netlink dump of type 4002 failed: ");
    }

    @Test
    void findsNoInterfaceThatIsNotThere() throws Exception {
        assertThat(namespace.in(() -> network.interfaceNamed("mxtk9"))).isEmpty();
    }

    @Test
    void readsInterfaces() throws Exception {
        Interface veth = interfaceNamed("mxtk0");
        Interface loopback = interfaceNamed("lo");

        assertThat(veth.index()).isPositive();
        assertThat(veth.kind()).isEqualTo("veth");
        assertThat(veth.mac()).containsExactly(2, 0, 0, 0, 0, 0x10);
        assertThat(veth.mtu()).isEqualTo(1400);
        assertThat(veth.up()).isTrue();
        assertThat(veth.peerElsewhere()).isFalse();
        assertThat(loopback.up()).isFalse();
        assertThat(loopback.kind()).isEmpty();
        assertThat(loopback.mac()).isEmpty();
        assertThat(loopback.flags()).contains("loopback");
    }

    @Test
    void tellsAPeerElsewhereFromAPeerHere() throws Exception {
        Process holder = namespace.in(() -> new ProcessBuilder("unshare", "--net", "sleep", "60").start());
        try {
            namespace.in(() -> {
                awaitOwnNamespace(holder.pid());
                return null;
            });
            namespace.ip("link add mxtk3 type veth peer name mxtk4 netns " + holder.pid());
            namespace.ip("link add mxtk5 type bridge");

            assertThat(interfaceNamed("mxtk1").kind()).isEqualTo("veth");
            assertThat(interfaceNamed("mxtk1").peerElsewhere()).isFalse();
            assertThat(interfaceNamed("mxtk3").peerElsewhere()).isTrue();
            assertThat(interfaceNamed("mxtk5").kind()).isEqualTo("bridge");
        } finally {
            holder.destroyForcibly().waitFor();
        }
    }

    @Test
    void leavesOutOtherTablesAndDeadNextHops() throws Exception {
        namespace.ip("route add 198.51.100.0/24 dev mxtk0 table 1000");
        namespace.ip("link add mxtk6 type veth peer name mxtk7");
        namespace.ip("link set mxtk7 up");
        namespace.ip("link set mxtk6 up");
        namespace.ip("addr add 203.0.113.1/24 dev mxtk6");
        namespace.ip("route add 198.51.100.128/25 nexthop via 203.0.113.9 dev mxtk6 nexthop via 192.0.2.9 dev mxtk0");
        assertThat(routeTo("198.51.100.0", 24)).isEmpty();
        assertThat(routeTo("198.51.100.128", 25).orElseThrow().gateway()).contains(InetAddress.getByName("203.0.113.9"));

        namespace.ip("link set mxtk6 down");

        KernelRoute left = routeTo("198.51.100.128", 25).orElseThrow();
        assertThat(left.gateway()).contains(InetAddress.getByName("192.0.2.9"));
        assertThat(left.ifindex()).isEqualTo(interfaceNamed("mxtk0").index());
        assertThat(routeTo("203.0.113.0", 24)).isEmpty();
    }

    @Test
    void readsRoutesOfBothFamilies() throws Exception {
        namespace.ip("route add default via 192.0.2.254 metric 7");
        namespace.ip("route add blackhole 198.51.100.0/24");
        namespace.ip("-6 route add default via 2001:db8::fe metric 9");
        namespace.ip("-6 route add unreachable 2001:db8:dead::/48");
        namespace.ip("-6 route add 2001:db8:2::/64 nexthop via 2001:db8::2 nexthop via 2001:db8::3");
        namespace.ip("route add 198.51.100.7/32 via inet6 2001:db8::7 dev mxtk0");
        int index = interfaceNamed("mxtk0").index();

        assertThat(routeTo("192.0.2.0", 24))
                .contains(route("192.0.2.0", 24, 254, "unicast", index, null, 0));
        assertThat(routeTo("192.0.2.1", 32)).contains(route("192.0.2.1", 32, 255, "local", index, null, 0));
        assertThat(routeTo("192.0.2.255", 32))
                .contains(route("192.0.2.255", 32, 255, "broadcast", index, null, 0));
        assertThat(routeTo("0.0.0.0", 0))
                .contains(route("0.0.0.0", 0, 254, "unicast", index, "192.0.2.254", 7));
        assertThat(routeTo("198.51.100.0", 24))
                .contains(route("198.51.100.0", 24, 254, "blackhole", 0, null, 0));
        assertThat(routeTo("198.51.100.7", 32))
                .contains(route("198.51.100.7", 32, 254, "unicast", index, "2001:db8::7", 0));
        assertThat(routeTo("::", 0)).contains(route("::", 0, 254, "unicast", index, "2001:db8::fe", 9));
        assertThat(routeTo("2001:db8::1", 128).orElseThrow().type()).isEqualTo("local");
        assertThat(routeTo("2001:db8:dead::", 48).orElseThrow().type()).isEqualTo("unreachable");
        assertThat(routeTo("2001:db8:2::", 64).orElseThrow().gateway()).contains(InetAddress.getByName("2001:db8::2"));
        assertThat(routeTo("2001:db8:2::", 64).orElseThrow().ifindex()).isEqualTo(index);
    }

    @Test
    void readsAQuarterOfAMillionRoutesInUnderTwoSeconds(TestReporter reporter) throws Exception {
        String batch = IntStream.range(0, 256_000)
                .mapToObj(i -> "route add 10." + (i >> 14) + "." + (i >> 6 & 0xff) + "." + (i & 0x3f) * 4
                        + "/30 via 192.0.2.254 dev mxtk0")
                .collect(Collectors.joining("\n", "", "\n"));
        namespace.ip(batch, "-batch", "-");
        AtomicLong nanos = new AtomicLong();

        List<KernelRoute> routes = namespace.in(() -> {
            /* Of the processor, kernel included: other work on the machine must not fail the test. */
            long begin = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
            List<KernelRoute> found = network.routes();
            nanos.set(ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - begin);
            return found;
        });

        assertThat(routes.stream().filter(route -> route.prefixLength() == 30)).hasSize(256_000);
        assertThat(Duration.ofNanos(nanos.get())).isLessThan(Duration.ofSeconds(2));
        reporter.publishEntry("256,000 routes, ms of processor time", Long.toString(nanos.get() / 1_000_000));
    }

    @Test
    void keepsNoFileOpen() throws Exception {
        namespace.in(network::interfaces);
        long before = Descriptors.open();
        for (int i = 0; i < 10; i++) {
            namespace.in(network::interfaces);
            namespace.in(network::routes);
            namespace.in(() -> network.watch(() -> {})).close();
        }
        assertThat(Descriptors.open()).isEqualTo(before);
    }

    private static void awaitOwnNamespace(long pid) throws Exception {
        Path mine = Path.of("/proc/thread-self/ns/net");
        Path theirs = Path.of("/proc/" + pid + "/ns/net");
        while (Files.readSymbolicLink(mine).equals(Files.readSymbolicLink(theirs))) {
            Thread.onSpinWait();
        }
    }

    private Interface interfaceNamed(String name) throws Exception {
        return namespace.in(() -> network.interfaceNamed(name)).orElseThrow();
    }

    private Optional<KernelRoute> routeTo(String destination, int length) throws Exception {
        InetAddress address = InetAddress.getByName(destination);
        return namespace.in(network::routes).stream()
                .filter(route -> route.destination().equals(address) && route.prefixLength() == length)
                .findFirst();
    }

    private static KernelRoute route(
            String to, int length, int table, String type, int ifindex, String gateway, long metric) throws Exception {
        Optional<InetAddress> by =
                gateway == null ? Optional.empty() : Optional.of(InetAddress.getByName(gateway));
        return new KernelRoute(InetAddress.getByName(to), length, table, type, ifindex, by, metric);
    }
}
