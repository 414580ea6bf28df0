package io.manx.core;

import io.manx.libbpf.BpfMap;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Which of the two phases of a hook's prog arrays packets take (manx_phase of entry.h). */
final class Phase {
    static final String MAP = "manx_phase";

    private final BpfMap map;
    private final int row;
    private int live;

    /** @param row as {@code enum phase_row} */
    Phase(BpfMap map, int row) {
        this.map = map;
        this.row = row;
        this.live = read(map, row);
    }

    static int read(BpfMap map, int row) {
        return map.get(integer(row)).orElseThrow().order(ByteOrder.nativeOrder()).getInt(0);
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
        map.put(integer(row), integer(idle()));
        live = idle();
    }

    private static ByteBuffer integer(int value) {
        return ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.nativeOrder()).putInt(0, value);
    }
}
