package io.manx.testkit;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Values of per-CPU maps: one value a possible CPU, each padded to 8 bytes. */
final class PerCpu {
    private PerCpu() {}

    /** One CPU's. */
    static ByteBuffer value(ByteBuffer all, int size, int cpu) {
        return all.slice(stride(size) * cpu, size).order(ByteOrder.nativeOrder());
    }

    static int stride(int size) {
        return (size + 7) / 8 * 8;
    }
}
