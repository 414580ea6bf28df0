package io.manx.testkit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Works out internet checksums (RFC 1071) anew, apart from the library that builds the packets. */
final class Checksums {
    private static final int ICMP = 1;
    private static final int TCP = 6;
    private static final int UDP = 17;
    private static final int ICMPV6 = 58;

    private final List<String> errors = new ArrayList<>();

    /** @param at offset of layer 3; what is neither IPv4 nor IPv6 has no checksum */
    List<String> check(byte[] packet, int at) {
        if (packet.length <= at) {
            return errors;
        }
        int version = (packet[at] & 0xf0) >> 4;
        if (version == 4) {
            ipv4(packet, at, "");
        } else if (version == 6) {
            ipv6(packet, at, "");
        }
        return errors;
    }

    private void ipv4(byte[] packet, int at, String quoted) {
        int header = (packet[at] & 0xf) * 4;
        if (packet.length < at + header) {
            return;
        }
        compare(quoted + "IPv4 header", packet, at + 10, internet(cleared(packet, at + 10), at, header, 0));
        int end = at + unsignedShort(packet, at + 2);
        boolean fragment = (unsignedShort(packet, at + 6) & 0x3fff) != 0;
        if (!fragment && end <= packet.length) {
            int pseudo = sum(packet, at + 12, 8);
            transport(packet, packet[at + 9] & 0xff, at + header, end, pseudo, quoted);
        }
    }

    private void ipv6(byte[] packet, int at, String quoted) {
        int end = at + 40 + unsignedShort(packet, at + 4);
        int next = packet[at + 6] & 0xff;
        int offset = at + 40;
        while (next == 0 || next == 43 || next == 60) {
            next = packet[offset] & 0xff;
            offset += 8 * ((packet[offset + 1] & 0xff) + 1);
        }
        if (end <= packet.length) {
            transport(packet, next, offset, end, sum(packet, at + 8, 32), quoted);
        }
    }

    private void transport(byte[] packet, int protocol, int at, int end, int addresses, String quoted) {
        int pseudo = addresses + protocol + (end - at);
        switch (protocol) {
            case TCP -> segment("TCP", packet, at, 16, end, pseudo, quoted);
            case UDP -> udp(packet, at, end, pseudo, quoted);
            case ICMP -> icmp(packet, at, end, 0, quoted);
            case ICMPV6 -> icmp(packet, at, end, pseudo, quoted);
            default -> {
                return;
            }
        }
    }

    private void udp(byte[] packet, int at, int end, int pseudo, String quoted) {
        boolean v4 = (packet[Packets.layer3(packet)] & 0xf0) == 0x40;
        boolean without = v4 && unsignedShort(packet, at + 6) == 0;
        if (!without) {
            segment("UDP", packet, at, 6, end, pseudo, quoted);
        }
    }

    private void icmp(byte[] packet, int at, int end, int pseudo, String quoted) {
        segment(pseudo == 0 ? "ICMP" : "ICMPv6", packet, at, 2, end, pseudo, quoted);
        int type = packet[at] & 0xff;
        boolean error = pseudo == 0 ? type == 3 || type == 4 || type == 5 || type == 11 || type == 12 : type < 128;
        if (error && quoted.isEmpty() && end >= at + 8 + 20) {
            quoted(packet, at + 8, pseudo == 0);
        }
    }

    private void quoted(byte[] packet, int at, boolean v4) {
        if (v4) {
            ipv4(packet, at, "quoted ");
        } else if (packet.length >= at + 48) {
            ipv6(packet, at, "quoted ");
        }
    }

    private void segment(String what, byte[] packet, int at, int field, int end, int pseudo, String quoted) {
        if (end < at + field + 2) {
            return;
        }
        int right = internet(cleared(packet, at + field), at, end - at, pseudo);
        /* RFC 768: a UDP checksum that comes out as zero is sent as all ones. */
        compare(quoted + what, packet, at + field, what.equals("UDP") && right == 0 ? 0xffff : right);
    }

    private void compare(String what, byte[] packet, int at, int right) {
        int is = unsignedShort(packet, at);
        if (is != right) {
            errors.add(String.format("%s checksum is 0x%04x, should be 0x%04x", what, is, right));
        }
    }

    private static byte[] cleared(byte[] packet, int at) {
        byte[] copy = Arrays.copyOf(packet, packet.length);
        copy[at] = 0;
        copy[at + 1] = 0;
        return copy;
    }

    /** The checksum of {@code length} bytes and of a sum made before. */
    static int internet(byte[] bytes, int at, int length, int before) {
        int sum = before + sum(bytes, at, length);
        while (sum >> 16 != 0) {
            sum = (sum & 0xffff) + (sum >> 16);
        }
        return ~sum & 0xffff;
    }

    private static int sum(byte[] bytes, int at, int length) {
        int sum = 0;
        for (int i = 0; i + 1 < length; i += 2) {
            sum += unsignedShort(bytes, at + i);
        }
        return length % 2 == 0 ? sum : sum + ((bytes[at + length - 1] & 0xff) << 8);
    }

    static int unsignedShort(byte[] bytes, int at) {
        return (bytes[at] & 0xff) << 8 | bytes[at + 1] & 0xff;
    }
}
