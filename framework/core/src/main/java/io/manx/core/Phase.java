package io.manx.core;

import io.manx.libbpf.BpfMap;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Which of the two phases of all prog arrays packets take, on every hook (manx_phase of entry.h). */
final class Phase {
    static final String MAP = "manx_phase";
    private static final int ROW = 0;

    private final BpfMap map;
    private int live;

    Phase(BpfMap map) {
        this.map = map;
        this.live = read(map);
    }

    static int read(BpfMap map) {
        return map.get(integer(ROW)).orElseThrow().order(ByteOrder.nativeOrder()).getInt(0);
    }

    int live() {
        return live;
    }

    /** The one that no packet reads; those that began before the last {@link #flip} may. */
    int idle() {
        return PhasedArray.other(live);
    }

    /** From here on each packet that begins takes the other phase, on every interface. */
    void flip() {
        map.put(integer(ROW), integer(idle()));
        live = idle();
    }

    private static ByteBuffer integer(int value) {
        return ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.nativeOrder()).putInt(0, value);
    }
}
