package io.manx.libbpf;

import com.sun.jna.Memory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.function.BiConsumer;

/** Reads a whole map, thousands of entries a call; one call an entry takes ten times as long. */
final class BatchReader implements AutoCloseable {
    static final int MOST_ENTRIES = 8192;
    static final int MOST_BYTES = 4 << 20;

    private final BpfMap map;
    private final int keyBytes;
    private final int valueBytes;
    private final Memory cursor;
    private int room;
    private Memory keys;
    private Memory values;

    private BatchReader(BpfMap map) {
        this.map = map;
        this.keyBytes = map.spec().keySize();
        this.valueBytes = map.valueBytes();
        /* Where the kernel is: a bucket's number for hashes, a key for the others. */
        this.cursor = new Memory(Math.max(keyBytes, Integer.BYTES));
        allocate(Math.max(1, Math.min(MOST_ENTRIES, MOST_BYTES / (keyBytes + valueBytes))));
    }

    /** @return false: this kind of map has no batches, and nothing was visited */
    static boolean read(BpfMap map, BiConsumer<ByteBuffer, ByteBuffer> visitor) {
        if (map.spec().type() == MapType.PROG_ARRAY || map.spec().keySize() == 0) {
            return false;
        }
        try (BatchReader reader = new BatchReader(map)) {
            return reader.run(visitor);
        }
    }

    private boolean run(BiConsumer<ByteBuffer, ByteBuffer> visitor) {
        Memory from = null;
        while (true) {
            int[] count = {room};
            int result = Libbpf.bpf_map_lookup_batch(map.fd(), from, cursor, keys, values, count, null);
            if (result == -Errno.ENOSPC) {
                /* One bucket holds more than there is room for. Nothing was read and the cursor has not moved. */
                allocate(room * 2);
                continue;
            }
            if (result < 0 && Errno.unsupported(-result)) {
                return false;
            }
            if (result != -Errno.ENOENT) {
                Errno.check(result, "bpf_map_lookup_batch", map.subject());
            }
            visit(count[0], visitor);
            if (result == -Errno.ENOENT) {
                return true;
            }
            from = cursor;
        }
    }

    private void visit(int count, BiConsumer<ByteBuffer, ByteBuffer> visitor) {
        byte[] allKeys = keys.getByteArray(0, count * keyBytes);
        byte[] allValues = values.getByteArray(0, count * valueBytes);
        for (int i = 0; i < count; i++) {
            visitor.accept(part(allKeys, i, keyBytes), part(allValues, i, valueBytes));
        }
    }

    /** A copy: a visitor that keeps one key should not keep the whole batch alive. */
    private static ByteBuffer part(byte[] all, int index, int bytes) {
        byte[] part = Arrays.copyOfRange(all, index * bytes, (index + 1) * bytes);
        return ByteBuffer.wrap(part).order(ByteOrder.nativeOrder());
    }

    private void allocate(int entries) {
        freeBuffers();
        room = entries;
        keys = new Memory((long) entries * keyBytes);
        values = new Memory((long) entries * valueBytes);
    }

    private void freeBuffers() {
        if (keys != null) {
            keys.close();
            values.close();
        }
    }

    @Override
    public void close() {
        freeBuffers();
        cursor.close();
    }
}
