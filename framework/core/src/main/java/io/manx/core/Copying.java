package io.manx.core;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Tells stages that ask whether what they find in maps that were copied may be behind (copying.h). */
final class Copying {
    private static final String MAP = "manx_copying";
    private final MapStore maps;

    Copying(MapStore maps) {
        this.maps = maps;
    }

    /** From before packets take the copies until they have all that was written to the old maps. */
    void is(boolean copying) {
        if (maps.names().contains(MAP)) {
            maps.get(MAP).put(integer(0), integer(copying ? 1 : 0));
        }
    }

    private static ByteBuffer integer(int value) {
        return ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.nativeOrder()).putInt(0, value);
    }
}
