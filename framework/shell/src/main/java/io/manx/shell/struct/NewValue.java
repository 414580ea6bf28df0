package io.manx.shell.struct;

import io.manx.api.stage.StateMap;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.atomic.AtomicInteger;

/** Zeros for an entry that is not there yet, as large as the map's other values: a per-CPU map takes one for each CPU. */
public final class NewValue {
    private NewValue() {}

    public static ByteBuffer of(StateMap map) {
        return ByteBuffer.allocate(bytes(map)).order(ByteOrder.nativeOrder());
    }

    /** A map does not say whether it is per-CPU; its entries show it. An empty one is taken as plain. */
    private static int bytes(StateMap map) {
        AtomicInteger bytes = new AtomicInteger(map.value().size());
        map.forEach((key, value) -> bytes.set(value.limit()));
        return bytes.get();
    }
}
