package io.manx.itest.conntrack;

import io.manx.testkit.Packets;
import java.util.Arrays;

/** Small helps with frames that carry no VLAN tag. */
final class Frames {
    static final int ETHERNET = Packets.ETHERNET_BYTES;

    private Frames() {}

    /** To the gateway, from this side. */
    static byte[] addressed(byte[] frame, Side from) {
        return Packets.with(Packets.with(frame, 0, Hosts.gatewayMacOf(from)), 6, Hosts.macOf(from));
    }

    static String family(byte[] frame) {
        return isV6(frame) ? "v6" : "v4";
    }

    static boolean isV6(byte[] frame) {
        return shortAt(frame, ETHERNET - 2) == 0x86dd;
    }

    static boolean isV4(byte[] frame) {
        return shortAt(frame, ETHERNET - 2) == 0x0800;
    }

    static int shortAt(byte[] bytes, int at) {
        return (bytes[at] & 0xff) << 8 | bytes[at + 1] & 0xff;
    }

    /** From layer 3 on, of these many bytes. */
    static byte[] layer3(byte[] frame, int bytes) {
        return Arrays.copyOfRange(frame, ETHERNET, ETHERNET + Math.min(bytes, frame.length - ETHERNET));
    }
}
