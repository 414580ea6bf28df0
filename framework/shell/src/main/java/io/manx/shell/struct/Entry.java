package io.manx.shell.struct;

import java.nio.ByteBuffer;

/** One entry of a map, as the kernel holds it. */
public record Entry(ByteBuffer key, ByteBuffer value) {
    /** Zero in every byte: an array's row that nobody has written. */
    public boolean isZero() {
        for (int i = 0; i < value.limit(); i++) {
            if (value.get(i) != 0) {
                return false;
            }
        }
        return true;
    }
}
