package io.manx.testkit;

import io.manx.libbpf.Cpus;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Values of per-CPU maps: one value a possible CPU, each padded to 8 bytes. */
final class PerCpu {
    private PerCpu() {}

    /** The same value for every CPU. */
    static ByteBuffer everywhere(ByteBuffer value) {
        int stride = stride(value.limit());
        ByteBuffer all = ByteBuffer.allocate(stride * Cpus.possible()).order(ByteOrder.nativeOrder());
        for (int at = 0; at < all.limit(); at += stride) {
            all.put(at, value, 0, value.limit());
        }
        return all;
    }

    /** One CPU's. */
    static ByteBuffer value(ByteBuffer all, int size, int cpu) {
        return all.slice(stride(size) * cpu, size).order(ByteOrder.nativeOrder());
    }

    static int stride(int size) {
        return (size + 7) / 8 * 8;
    }
}
