package io.manx.libbpf.netlink;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The attributes at a message's end: length (2, with these four), type (2), value, up to a multiple of 4. Reading makes
 * nothing but the values asked for, since a route dump has a million of them.
 */
final class Attributes {
    private static final int HEADER = 4;
    private static final int TYPE_MASK = 0x3fff;

    private final ByteBuffer in;
    private final int start;
    private final int end;
    private int at;
    private int next;

    /** @param in native order */
    Attributes(ByteBuffer in, int start, int end) {
        this.in = in;
        this.start = start;
        this.end = end;
        this.next = start;
    }

    /** Moves to the next one. @return whether there is one */
    boolean next() {
        at = next;
        if (at + HEADER > end || length() < HEADER || at + length() > end) {
            return false;
        }
        next = at + NetlinkSocket.aligned(length());
        return true;
    }

    /** Moves to the first one of this type. @return whether there is one */
    boolean find(int type) {
        next = start;
        while (next()) {
            if (type() == type) {
                return true;
            }
        }
        return false;
    }

    int type() {
        return in.getShort(at + 2) & TYPE_MASK;
    }

    /** Bytes of the value. */
    int size() {
        return length() - HEADER;
    }

    /** Offset of the value in the message. */
    int value() {
        return at + HEADER;
    }

    int asInt() {
        return in.getInt(value());
    }

    byte[] asBytes() {
        byte[] bytes = new byte[size()];
        in.get(value(), bytes);
        return bytes;
    }

    /** A C string. */
    String asText() {
        byte[] bytes = asBytes();
        int length = 0;
        while (length < bytes.length && bytes[length] != 0) {
            length++;
        }
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }

    /** The attributes in this one's value. */
    Attributes nested() {
        return new Attributes(in, value(), value() + size());
    }

    private int length() {
        return Short.toUnsignedInt(in.getShort(at));
    }
}
