package io.manx.libbpf.netlink;

import io.manx.api.layout.Addresses;
import io.manx.api.network.KernelRoute;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/**
 * RTM_NEWROUTE: struct rtmsg and its attributes.
 * <pre>
 *  0        1         2         3      4       5          6       7      8       12 bytes
 *  +--------+---------+---------+------+-------+----------+-------+------+-------+----------
 *  | family | dst_len | src_len | tos  | table | protocol | scope | type | flags | RTA_...
 *  +--------+---------+---------+------+-------+----------+-------+------+-------+----------
 * </pre>
 */
final class RouteMessage {
    static final int GET = 26;
    static final int AF_INET = 2;
    static final int AF_INET6 = 10;

    private static final int HEADER = 12;
    private static final int NEXT_HOP = 8;
    private static final int RTA_DST = 1;
    private static final int RTA_OIF = 4;
    private static final int RTA_GATEWAY = 5;
    private static final int RTA_PRIORITY = 6;
    private static final int RTA_MULTIPATH = 9;
    private static final int RTA_TABLE = 15;
    private static final int RTA_VIA = 18;

    private static final int CLONED = 0x200;
    private static final int DEAD = 1;

    private static final int MAIN = 254;
    private static final int LOCAL = 255;
    private static final int DEFAULT = 253;

    private static final String[] TYPES = {
        "unspec", "unicast", "local", "broadcast", "anycast", "multicast", "blackhole", "unreachable", "prohibit",
        "throw", "nat", "xresolve"
    };

    private final ByteBuffer message;
    private final int addressBytes;
    private byte[] destination;
    private int table;
    private int metric;
    private int ifindex;
    private byte[] gateway;

    private RouteMessage(ByteBuffer message) {
        this.message = message;
        this.addressBytes = message.get(0) == AF_INET ? 4 : 16;
        this.table = message.get(4) & 0xff;
    }

    /** The body of a request for every route of a family. */
    static byte[] request(int family) {
        byte[] body = new byte[HEADER];
        body[0] = (byte) family;
        return body;
    }

    /** Empty where no packet can follow it: a cached exception, a dead next hop, another table, another family. */
    static Optional<KernelRoute> parse(ByteBuffer message) {
        boolean ip = message.get(0) == AF_INET || message.get(0) == AF_INET6;
        if (!ip || (message.getInt(8) & (CLONED | DEAD)) != 0) {
            return Optional.empty();
        }
        RouteMessage route = new RouteMessage(message);
        boolean alive = route.read(new Attributes(message, HEADER, message.limit()));
        boolean wanted = route.table == MAIN || route.table == LOCAL || route.table == DEFAULT;
        return alive && wanted ? Optional.of(route.toRoute()) : Optional.empty();
    }

    private boolean read(Attributes attributes) {
        boolean alive = true;
        while (attributes.next()) {
            switch (attributes.type()) {
                case RTA_DST -> destination = attributes.asBytes();
                case RTA_TABLE -> table = attributes.asInt();
                case RTA_PRIORITY -> metric = attributes.asInt();
                case RTA_MULTIPATH -> alive = firstNextHop(attributes.value(), attributes.value() + attributes.size());
                default -> nextHop(attributes);
            }
        }
        return alive;
    }

    private void nextHop(Attributes attributes) {
        switch (attributes.type()) {
            case RTA_OIF -> ifindex = attributes.asInt();
            case RTA_GATEWAY -> gateway = attributes.asBytes();
            /* An IPv4 route by an IPv6 gateway: a family of 2 bytes, then the address. */
            case RTA_VIA -> gateway = Arrays.copyOfRange(attributes.asBytes(), 2, attributes.size());
            default -> {
                return;
            }
        }
    }

    /** struct rtnexthop: length (2), flags (1), hops (1), ifindex (4), its attributes. @return whether one is alive */
    private boolean firstNextHop(int start, int end) {
        for (int at = start; at + NEXT_HOP <= end; ) {
            int length = Short.toUnsignedInt(message.getShort(at));
            if (length < NEXT_HOP) {
                return false;
            }
            if ((message.get(at + 2) & DEAD) == 0) {
                Attributes own = new Attributes(message, at + NEXT_HOP, at + length);
                while (own.next()) {
                    nextHop(own);
                }
                ifindex = message.getInt(at + 4);
                return true;
            }
            at += NetlinkSocket.aligned(length);
        }
        return false;
    }

    private KernelRoute toRoute() {
        int type = message.get(7) & 0xff;
        return new KernelRoute(
                address(destination == null ? new byte[addressBytes] : destination),
                message.get(1) & 0xff,
                table,
                type < TYPES.length ? TYPES[type] : "type-" + type,
                ifindex,
                Optional.ofNullable(gateway).map(RouteMessage::address),
                Integer.toUnsignedLong(metric));
    }

    private static InetAddress address(byte[] bytes) {
        return Addresses.of(bytes);
    }
}
