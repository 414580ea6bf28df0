package io.manx.libbpf.netlink;

import io.manx.api.network.Interface;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * RTM_NEWLINK: struct ifinfomsg and its attributes.
 * <pre>
 *  0        1        2          4         8         12        16 bytes
 *  +--------+--------+----------+---------+---------+---------+-----------
 *  | family | pad    | type     | index   | flags   | change  | IFLA_...
 *  +--------+--------+----------+---------+---------+---------+-----------
 * </pre>
 */
final class LinkMessage {
    static final int GET = 18;

    private static final int HEADER = 16;
    private static final int ARPHRD_ETHER = 1;
    private static final int IFLA_ADDRESS = 1;
    private static final int IFLA_IFNAME = 3;
    private static final int IFLA_MTU = 4;
    private static final int IFLA_LINKINFO = 18;
    private static final int IFLA_EXT_MASK = 29;
    private static final int IFLA_LINK_NETNSID = 37;
    private static final int IFLA_INFO_KIND = 1;
    private static final int SKIP_STATS = 1 << 3;

    private static final Map<Integer, String> FLAGS = new LinkedHashMap<>();

    static {
        FLAGS.put(1, "up");
        FLAGS.put(1 << 1, "broadcast");
        FLAGS.put(1 << 3, "loopback");
        FLAGS.put(1 << 4, "pointopoint");
        FLAGS.put(1 << 6, "running");
        FLAGS.put(1 << 7, "noarp");
        FLAGS.put(1 << 8, "promisc");
        FLAGS.put(1 << 9, "allmulti");
        FLAGS.put(1 << 10, "master");
        FLAGS.put(1 << 11, "slave");
        FLAGS.put(1 << 12, "multicast");
        FLAGS.put(1 << 16, "lower_up");
    }

    private LinkMessage() {}

    /** The body of a request for every interface, without its statistics. */
    static byte[] request() {
        return NetlinkSocket.order(ByteBuffer.allocate(HEADER + 8))
                .putShort(HEADER, (short) 8)
                .putShort(HEADER + 2, (short) IFLA_EXT_MASK)
                .putInt(HEADER + 4, SKIP_STATS)
                .array();
    }

    static Interface parse(ByteBuffer message) {
        int flags = message.getInt(8);
        boolean ethernet = message.getShort(2) == ARPHRD_ETHER;
        String name = "";
        String kind = "";
        byte[] mac = {};
        int mtu = 0;
        boolean elsewhere = false;
        Attributes attributes = new Attributes(message, HEADER, message.limit());
        while (attributes.next()) {
            switch (attributes.type()) {
                case IFLA_IFNAME -> name = attributes.asText();
                case IFLA_MTU -> mtu = attributes.asInt();
                case IFLA_ADDRESS -> mac = ethernet ? attributes.asBytes() : mac;
                case IFLA_LINKINFO -> kind = kind(attributes.nested());
                case IFLA_LINK_NETNSID -> elsewhere = true;
                default -> {
                    continue;
                }
            }
        }
        return new Interface(message.getInt(4), name, kind, mac, mtu, elsewhere && kind.equals("veth"), names(flags));
    }

    private static String kind(Attributes info) {
        return info.find(IFLA_INFO_KIND) ? info.asText() : "";
    }

    private static Set<String> names(int flags) {
        return FLAGS.entrySet().stream()
                .filter(flag -> (flags & flag.getKey()) != 0)
                .map(Map.Entry::getValue)
                .collect(Collectors.toUnmodifiableSet());
    }
}
