package io.manx.nat;

import io.manx.api.layout.Addresses;
import io.manx.api.layout.Field;
import io.manx.api.stage.StateMap;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/** The map {@code unserved} of service.h: by a hash of 16 bits, addresses that are no frontend's and need not be looked up. */
final class Unserved {
    private static final int HASHES = 1 << Short.SIZE;

    private final StateMap map;
    private final Field row;
    private final Field bits;

    Unserved(StateMap map) {
        this.map = map;
        row = map.key().field("value");
        bits = map.value().field("value");
    }

    /** From now on these are looked up, and no others but what shares a hash with one. */
    void allBut(Collection<InetAddress> served) {
        BitSet unserved = new BitSet(HASHES);
        unserved.set(0, HASHES);
        served.forEach(address -> unserved.clear(hash(address)));
        long[] words = unserved.toLongArray();
        Map<ByteBuffer, ByteBuffer> changed = new HashMap<>();
        map.forEach((key, held) -> {
            int number = (int) row.get(key);
            long wanted = number < words.length ? words[number] : 0;
            if (bits.get(held) != wanted) {
                ByteBuffer value = map.value().allocate();
                bits.set(value, wanted);
                changed.put(key, value);
            }
        });
        map.putAll(changed);
    }

    /** Its halves of words, as the CPU reads them, in one. */
    private static int hash(InetAddress address) {
        ByteBuffer bytes = ByteBuffer.wrap(Addresses.bytes(address)).order(ByteOrder.nativeOrder());
        int hash = 0;
        while (bytes.hasRemaining()) {
            hash ^= Short.toUnsignedInt(bytes.getShort());
        }
        return hash;
    }
}
