package io.manx.itest.conntrack;

import java.util.Arrays;
import java.util.BitSet;
import java.util.HexFormat;

/** The fragments of one datagram, laid where they belong. */
final class Reassembly {
    private static final int MOST = 1 << 17;

    private final byte[] bytes = new byte[MOST];
    private final BitSet there = new BitSet();
    private int end = -1;

    void add(int offset, byte[] ip, int header, boolean more) {
        int length = ip.length - header;
        System.arraycopy(ip, header, bytes, offset, length);
        there.set(offset, offset + length);
        if (!more) {
            end = offset + length;
        }
    }

    boolean isWhole() {
        return end >= 0 && there.nextClearBit(0) >= end;
    }

    String hex() {
        return HexFormat.of().formatHex(Arrays.copyOf(bytes, end));
    }
}
