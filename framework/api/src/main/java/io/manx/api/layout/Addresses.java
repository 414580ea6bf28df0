package io.manx.api.layout;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Comparator;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** {@code struct addr} of addr.h: 16 bytes in network order, IPv4 held v4-mapped (RFC 4291, 2.5.5.2). */
public final class Addresses {
    private static final int BYTES = 16;
    private static final int V4_AT = 12;

    /** Two or more groups of zeros and the colons around them, in an address written out in full. */
    private static final Pattern ZERO_GROUPS = Pattern.compile("(?:^|:)0(?::0)+(?::|$)");

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

    /** As people write it (RFC 5952): {@code 10.0.2.2}, {@code fd00::2}. No scope. */
    public static String text(InetAddress address) {
        byte[] raw = address.getAddress();
        if (raw.length != BYTES) {
            return address.getHostAddress();
        }
        ByteBuffer groups = ByteBuffer.wrap(raw);
        String all = IntStream.range(0, BYTES / 2)
                .mapToObj(i -> Integer.toHexString(groups.getShort(2 * i) & 0xffff))
                .collect(Collectors.joining(":"));
        return ZERO_GROUPS
                .matcher(all)
                .results()
                .max(Comparator.comparingInt((MatchResult run) -> run.end() - run.start())
                        .thenComparingInt(run -> -run.start()))
                .map(run -> all.substring(0, run.start()) + "::" + all.substring(run.end()))
                .orElse(all);
    }

    /** {@code 10.0.2.2:8080}, {@code [fd00::2]:8080}. */
    public static String text(InetAddress address, int port) {
        String text = text(address);
        return text.indexOf(':') < 0 ? text + ":" + port : "[" + text + "]:" + port;
    }

    /** Length of a prefix of {@code address} in the 128 bits of {@code struct addr}: IPv4 has 96 more. */
    public static int prefixLength(InetAddress address, int length) {
        return address.getAddress().length == BYTES ? length : length + 8 * V4_AT;
    }
}
