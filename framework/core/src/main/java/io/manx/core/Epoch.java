package io.manx.core;

import io.manx.libbpf.BpfMap;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The number of the configuration in force (epoch.h). 0 stands for never, so it begins with 1. */
final class Epoch {
    private static final String MAP = "manx_epoch";
    private final MapStore maps;

    Epoch(MapStore maps) {
        this.maps = maps;
    }

    /** To be called before any packet: a fresh map holds 0. */
    synchronized void begin() {
        if (maps.names().contains(MAP) && read() == 0) {
            write(1);
        }
    }

    /** Every flow's next packet is judged anew. */
    synchronized void raise() {
        if (maps.names().contains(MAP)) {
            int next = read() + 1;
            write(next == 0 ? 1 : next);
        }
    }

    private int read() {
        return map().get(integer(0)).orElseThrow().order(ByteOrder.nativeOrder()).getInt(0);
    }

    private void write(int epoch) {
        map().put(integer(0), integer(epoch));
    }

    private BpfMap map() {
        return maps.get(MAP);
    }

    private static ByteBuffer integer(int value) {
        return ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.nativeOrder()).putInt(0, value);
    }
}
