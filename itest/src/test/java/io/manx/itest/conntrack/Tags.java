package io.manx.itest.conntrack;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.random.RandomGenerator;

/** The VLAN tags that frames carry between the ends and a gateway: 802.1Q, or 802.1ad outside and 802.1Q inside. */
enum Tags {
    NONE("", ""),
    /** Of VLAN 0: a priority and no VLAN (IEEE 802.1Q). Any kernel takes it off, and puts none on. */
    PRIORITY("81006000", ""),
    PRIORITY_TWICE("88a8600081006000", ""),
    /* trunk.bpf.c has these too. */
    VLAN("81000007", "81000007"),
    VLAN_TWICE("88a8000881000009", "88a8000881000009");

    private static final int ADDRESSES = 12;

    private final byte[] sent;
    private final byte[] expected;

    Tags(String sent, String expected) {
        this.sent = HexFormat.of().parseHex(sent);
        this.expected = HexFormat.of().parseHex(expected);
    }

    /** What is on a port without VLANs. */
    static Tags onPort(RandomGenerator random) {
        return switch (random.nextInt(8)) {
            case 0 -> PRIORITY;
            case 1 -> PRIORITY_TWICE;
            default -> NONE;
        };
    }

    /** With the tags, on its way to a gateway. */
    byte[] put(byte[] frame) {
        return ByteBuffer.allocate(frame.length + sent.length)
                .put(frame, 0, ADDRESSES)
                .put(sent)
                .put(frame, ADDRESSES, frame.length - ADDRESSES)
                .array();
    }

    /** Without them. @throws IllegalStateException it came out of a gateway with others */
    byte[] take(byte[] frame) {
        int end = ADDRESSES + expected.length;
        if (frame.length < end + 2 || !Arrays.equals(expected, Arrays.copyOfRange(frame, ADDRESSES, end)) || isTagged(frame, end)) {
            throw new IllegalStateException("expected the tags \"" + HexFormat.of().formatHex(expected) + "\" of " + this
                    + " after the addresses of what came out: " + HexFormat.of().formatHex(frame));
        }
        return ByteBuffer.allocate(frame.length - expected.length)
                .put(frame, 0, ADDRESSES)
                .put(frame, end, frame.length - end)
                .array();
    }

    private static boolean isTagged(byte[] frame, int at) {
        int type = Frames.shortAt(frame, at);
        return type == 0x8100 || type == 0x88a8;
    }
}
