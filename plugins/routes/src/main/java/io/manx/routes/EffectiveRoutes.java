package io.manx.routes;

import io.manx.api.network.Interface;
import io.manx.api.network.KernelRoute;
import io.manx.api.resource.Cidr;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The routes that the kernel would use, as entries of the route table.
 *
 * <p>As without policy routing: of one prefix the table local comes before main, then the lower metric wins; a route of
 * the table default counts only where neither of the others covers it. Rules of {@code ip rule} beyond the three that
 * every kernel begins with are not followed, nor are source or type-of-service routes, nor more than the first of
 * several next hops.
 */
final class EffectiveRoutes {
    private static final int TABLE_DEFAULT = 253;
    private static final int MAX_MTU = 0xffff;

    /** One table serves both families: without this an IPv4 packet with no route would take IPv6's default route. */
    private static final Cidr ALL_IPV4 = cidr(new byte[4], 0);

    /** The same addresses on every link, so one table can't tell where they are. */
    private static final Cidr LINK_LOCAL_IPV6 = cidr(linkLocal(), 10);

    private final Map<Integer, Interface> interfaces;
    private final Set<String> workloads;

    private EffectiveRoutes(Collection<Interface> interfaces, Set<String> workloads) {
        this.interfaces = interfaces.stream()
                .filter(Interface::up)
                .collect(Collectors.toMap(Interface::index, Function.identity(), (first, second) -> second));
        this.workloads = workloads;
    }

    /** @param workloads names of the interfaces that lead to local workloads */
    static List<RouteEntry> of(
            Collection<KernelRoute> routes, Collection<Interface> interfaces, Set<String> workloads) {
        return new EffectiveRoutes(interfaces, workloads).entries(routes);
    }

    private List<RouteEntry> entries(Collection<KernelRoute> routes) {
        Map<Cidr, KernelRoute> best = new HashMap<>();
        Map<Cidr, KernelRoute> fallback = new HashMap<>();
        for (KernelRoute route : routes) {
            if (usable(route)) {
                (route.table() == TABLE_DEFAULT ? fallback : best)
                        .merge(destination(route), route, EffectiveRoutes::preferred);
            }
        }
        fallback.forEach((destination, route) -> {
            if (!covered(destination, best)) {
                best.put(destination, route);
            }
        });
        List<RouteEntry> entries = new ArrayList<>(best.size() + 2);
        best.forEach((destination, route) -> entries.add(entry(destination, route)));
        if (!best.containsKey(ALL_IPV4)) {
            entries.add(RouteEntry.ending(ALL_IPV4, RouteKind.STACK));
        }
        entries.add(RouteEntry.ending(LINK_LOCAL_IPV6, RouteKind.STACK));
        return entries;
    }

    private boolean usable(KernelRoute route) {
        boolean mapped = route.destination() instanceof Inet4Address && route.prefixLength() > 32;
        boolean unicast = route.type().equals("unicast");
        boolean linkLocal = route.destination() instanceof Inet6Address address && address.isLinkLocalAddress();
        return !mapped && !(unicast && (linkLocal || !interfaces.containsKey(route.ifindex())));
    }

    /** Tables count down from local, 255. */
    private static KernelRoute preferred(KernelRoute a, KernelRoute b) {
        if (a.table() != b.table()) {
            return a.table() > b.table() ? a : b;
        }
        return b.metric() < a.metric() ? b : a;
    }

    private static boolean covered(Cidr destination, Map<Cidr, KernelRoute> routes) {
        for (int length = destination.length(); length >= 0; length--) {
            if (routes.containsKey(cidr(destination.address().getAddress(), length))) {
                return true;
            }
        }
        return false;
    }

    private RouteEntry entry(Cidr destination, KernelRoute route) {
        return switch (route.type()) {
            case "local", "broadcast", "multicast", "anycast" -> RouteEntry.ending(destination, RouteKind.LOCAL);
            case "unicast" -> outBy(interfaces.get(route.ifindex()), destination, route);
            default -> RouteEntry.ending(destination, RouteKind.STACK);
        };
    }

    private RouteEntry outBy(Interface out, Cidr destination, KernelRoute route) {
        if (out.flags().contains("loopback")) {
            return RouteEntry.ending(destination, RouteKind.STACK);
        }
        boolean peer = out.peerElsewhere() && workloads.contains(out.name()) && route.gateway().isEmpty();
        return new RouteEntry(
                destination,
                peer ? RouteKind.WORKLOAD : RouteKind.NEIGHBOUR,
                out.index(),
                route.gateway(),
                out.mtu() > MAX_MTU ? 0 : out.mtu());
    }

    private static Cidr destination(KernelRoute route) {
        return new Cidr(route.destination(), route.prefixLength());
    }

    private static Cidr cidr(byte[] address, int length) {
        byte[] masked = new byte[address.length];
        for (int bit = 0; bit < length; bit++) {
            masked[bit / 8] |= (byte) (address[bit / 8] & 0x80 >> bit % 8);
        }
        try {
            return new Cidr(InetAddress.getByAddress(masked), length);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("an address has 4 or 16 bytes, not " + address.length, e);
        }
    }

    private static byte[] linkLocal() {
        byte[] address = new byte[16];
        address[0] = (byte) 0xfe;
        address[1] = (byte) 0x80;
        return address;
    }
}
