package io.manx.libbpf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.BiConsumer;

/** Reads a map that has no batches: all its keys first, then their values. */
final class KeyWalk {
    private KeyWalk() {}

    static void read(BpfMap map, BiConsumer<ByteBuffer, ByteBuffer> visitor) {
        for (ByteBuffer key : keys(map)) {
            map.get(key).ifPresent(value -> visitor.accept(key, value));
        }
    }

    /** A key that goes while it is the last one seen sends the kernel back to the first: the set keeps each once. */
    private static Set<ByteBuffer> keys(BpfMap map) {
        Set<ByteBuffer> keys = new LinkedHashSet<>();
        byte[] last = null;
        /* Bounds the walk of a map that changes all the time. */
        for (long steps = 2L * map.capacity() + 1; steps > 0; steps--) {
            byte[] next = new byte[map.spec().keySize()];
            int result = Libbpf.bpf_map_get_next_key(map.fd(), last, next);
            if (result == -Errno.ENOENT) {
                return keys;
            }
            Errno.check(result, "bpf_map_get_next_key", map.subject());
            keys.add(ByteBuffer.wrap(next).order(ByteOrder.nativeOrder()));
            last = next;
        }
        return keys;
    }
}
