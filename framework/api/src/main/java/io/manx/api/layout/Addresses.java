package io.manx.api.layout;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** {@code struct addr} of addr.h: 16 bytes in network order, IPv4 held v4-mapped (RFC 4291, 2.5.5.2). */
public final class Addresses {
    private static final int BYTES = 16;
    private static final int V4_AT = 12;

    private Addresses() {}

    /** 16 bytes. */
    public static byte[] bytes(InetAddress address) {
        byte[] raw = address.getAddress();
        if (raw.length == BYTES) {
            return raw;
        }
        byte[] mapped = new byte[BYTES];
        mapped[V4_AT - 2] = (byte) 0xff;
        mapped[V4_AT - 1] = (byte) 0xff;
        System.arraycopy(raw, 0, mapped, V4_AT, raw.length);
        return mapped;
    }

    /** IPv4 when the 16 bytes are v4-mapped, else IPv6. */
    public static InetAddress of(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("an address has 16 bytes, not " + bytes.length, e);
        }
    }

    /** Length of a prefix of {@code address} in the 128 bits of {@code struct addr}: IPv4 has 96 more. */
    public static int prefixLength(InetAddress address, int length) {
        return address.getAddress().length == BYTES ? length : length + 8 * V4_AT;
    }
}
