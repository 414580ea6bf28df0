package io.manx.routes;

import io.manx.api.layout.Addresses;
import io.manx.api.resource.Cidr;
import java.net.InetAddress;
import java.util.Optional;

/**
 * One entry of the route table.
 *
 * @param ifindex 0 where the kind has none
 * @param gateway empty: the destination itself is the next hop
 * @param mtu bytes of layer 3; 0: not to be checked
 */
record RouteEntry(Cidr destination, RouteKind kind, int ifindex, Optional<InetAddress> gateway, int mtu) {

    /** An entry that leads out by no interface. */
    static RouteEntry ending(Cidr destination, RouteKind kind) {
        return new RouteEntry(destination, kind, 0, Optional.empty(), 0);
    }

    /** Bits of {@code struct addr} that must be equal. */
    int prefixLength() {
        return Addresses.prefixLength(destination.address(), destination.length());
    }
}
