package io.manx.api.network;

import java.net.InetAddress;
import java.util.Optional;

/**
 * A route of the kernel's FIB; one with several next hops appears once, with the first.
 *
 * @param destination the prefix's address
 * @param prefixLength bits, of the address's own family
 * @param table 254 main, 255 local, 253 default
 * @param type unicast, local, broadcast, multicast, anycast, blackhole, unreachable, prohibit, throw
 * @param ifindex 0 where the type has none
 * @param metric the lower is preferred
 */
public record KernelRoute(
        InetAddress destination,
        int prefixLength,
        int table,
        String type,
        int ifindex,
        Optional<InetAddress> gateway,
        long metric) {}
