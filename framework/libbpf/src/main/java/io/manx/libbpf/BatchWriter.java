package io.manx.libbpf;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** Writes many entries, thousands a call; one by one where the kind of map has no batches. */
final class BatchWriter {
    private final BpfMap map;
    private final int keyBytes;
    private final int valueBytes;

    BatchWriter(BpfMap map) {
        this.map = map;
        this.keyBytes = map.spec().keySize();
        this.valueBytes = map.valueBytes();
    }

    void write(Collection<Map.Entry<ByteBuffer, ByteBuffer>> entries) {
        int room = Math.max(
                1, Math.min(BatchReader.MOST_ENTRIES, BatchReader.MOST_BYTES / Math.max(1, keyBytes + valueBytes)));
        List<Map.Entry<ByteBuffer, ByteBuffer>> batch = new ArrayList<>(Math.min(room, entries.size()));
        for (Map.Entry<ByteBuffer, ByteBuffer> entry : entries) {
            batch.add(entry);
            if (batch.size() == room) {
                writeBatch(batch);
                batch.clear();
            }
        }
        if (!batch.isEmpty()) {
            writeBatch(batch);
        }
    }

    private void writeBatch(List<Map.Entry<ByteBuffer, ByteBuffer>> batch) {
        byte[] keys = new byte[batch.size() * keyBytes];
        byte[] values = new byte[batch.size() * valueBytes];
        for (int i = 0; i < batch.size(); i++) {
            System.arraycopy(map.keyOf(batch.get(i).getKey()), 0, keys, i * keyBytes, keyBytes);
            System.arraycopy(map.valueOf(batch.get(i).getValue()), 0, values, i * valueBytes, valueBytes);
        }
        int[] count = {batch.size()};
        int result = Libbpf.bpf_map_update_batch(map.fd(), keys, values, count, null);
        if (result < 0 && Errno.unsupported(-result)) {
            batch.forEach(entry -> map.put(entry.getKey(), entry.getValue()));
        } else {
            String subject = map.subject() + ", after " + count[0] + " of " + batch.size() + " entries";
            Errno.check(result, "bpf_map_update_batch", subject);
        }
    }
}
