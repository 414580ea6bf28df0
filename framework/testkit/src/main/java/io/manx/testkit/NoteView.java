package io.manx.testkit;

import io.manx.api.layout.Field;
import io.manx.api.layout.Layout;
import java.net.InetAddress;
import java.nio.ByteBuffer;

/**
 * A packet's note by the names of its members in C: {@code l4_offset}, {@code route.kind}, {@code extension[3]}. A field
 * that the stage publishes or requires is a member of {@code extension}: {@code extension.tenant}.
 */
public final class NoteView {
    private final Layout layout;
    private final ByteBuffer bytes;

    /** @param bytes exactly one note, native byte order; written to by the setters */
    NoteView(Layout layout, ByteBuffer bytes) {
        this.layout = layout;
        this.bytes = bytes;
    }

    /** Unsigned; ports and the like in the host's order. @throws IllegalArgumentException there is no such integer */
    public long get(String path) {
        return layout.field(path).get(bytes);
    }

    /** @throws IllegalArgumentException there is no such integer, or the value does not fit */
    public NoteView set(String path, long value) {
        layout.field(path).set(bytes, value);
        return this;
    }

    /** A {@code struct addr}; IPv4 comes back as IPv4. */
    public InetAddress address(String path) {
        return layout.field(path).address(bytes);
    }

    /** Sets a {@code struct addr}. */
    public NoteView set(String path, InetAddress value) {
        layout.field(path).setAddress(bytes, value);
        return this;
    }

    /** Of any member, as it is in memory. */
    public byte[] bytes(String path) {
        return layout.field(path).bytes(bytes);
    }

    /** Sets any member, as it is to be in memory. */
    public NoteView set(String path, byte[] value) {
        layout.field(path).setBytes(bytes, value);
        return this;
    }

    /** Every integer that is not zero. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("note{");
        for (Field field : layout.fields()) {
            boolean integer = field.size() == 1 || field.size() == 2 || field.size() == 4 || field.size() == 8;
            if (integer && !layout.has(field.name() + "[0]") && field.get(bytes) != 0) {
                text.append(' ').append(field.name()).append('=').append(field.get(bytes));
            }
        }
        return text.append(" }").toString();
    }
}
