package io.manx.api.layout;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * One member of a C struct.
 *
 * @param name path from the struct, as in C: {@code leg[1].route.mtu}
 * @param type its C type, as declared: {@code __be16}
 * @param offset bytes from the start of the struct
 * @param size bytes
 */
public record Field(String name, String type, int offset, int size) {

    /** An integer of 1, 2, 4 or 8 bytes, unsigned but for 8; {@code __be16} and its kin are swapped to the host's order. */
    public long get(ByteBuffer struct) {
        boolean swapped = struct.order() != order();
        return switch (size) {
            case 1 -> struct.get(offset) & 0xffL;
            case 2 -> (swapped ? Short.reverseBytes(struct.getShort(offset)) : struct.getShort(offset)) & 0xffffL;
            case 4 -> (swapped ? Integer.reverseBytes(struct.getInt(offset)) : struct.getInt(offset)) & 0xffffffffL;
            case 8 -> swapped ? Long.reverseBytes(struct.getLong(offset)) : struct.getLong(offset);
            default -> throw new IllegalArgumentException(name + " is no integer: " + size + " bytes");
        };
    }

    /** As {@link #get}. @throws IllegalArgumentException the value does not fit */
    public void set(ByteBuffer struct, long value) {
        if (size < 8 && (value < -(1L << (8 * size - 1)) || value >= 1L << (8 * size))) {
            throw new IllegalArgumentException(name + " cannot hold " + value + ": it has " + size + " bytes");
        }
        ByteBuffer out = struct.duplicate().order(order());
        switch (size) {
            case 1 -> out.put(offset, (byte) value);
            case 2 -> out.putShort(offset, (short) value);
            case 4 -> out.putInt(offset, (int) value);
            case 8 -> out.putLong(offset, value);
            default -> throw new IllegalArgumentException(name + " is no integer: " + size + " bytes");
        }
    }

    /** A {@code struct addr} (addr.h): IPv4 comes back as IPv4. */
    public InetAddress address(ByteBuffer struct) {
        return Addresses.of(bytes(struct));
    }

    public void setAddress(ByteBuffer struct, InetAddress address) {
        setBytes(struct, Addresses.bytes(address));
    }

    public byte[] bytes(ByteBuffer struct) {
        byte[] bytes = new byte[size];
        struct.get(offset, bytes);
        return bytes;
    }

    /** @throws IllegalArgumentException not exactly {@link #size} bytes */
    public void setBytes(ByteBuffer struct, byte[] bytes) {
        if (bytes.length != size) {
            throw new IllegalArgumentException(name + " has " + size + " bytes, not " + bytes.length);
        }
        struct.put(offset, bytes);
    }

    private ByteOrder order() {
        return type.startsWith("__be") ? ByteOrder.BIG_ENDIAN : ByteOrder.nativeOrder();
    }
}
