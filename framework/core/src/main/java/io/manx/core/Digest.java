package io.manx.core;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.SecureRandom;

/**
 * 64-bit digests of bytes, each instance with a seed of its own: whoever chooses the keys of a map (anybody who sends
 * packets) can't choose two of one digest. Of 512,000 keys two have the same once in a hundred million times.
 */
final class Digest {
    private static final long SPREAD = 0x9e3779b97f4a7c15L;
    private final long seed = new SecureRandom().nextLong();

    long of(ByteBuffer bytes) {
        return add(seed, bytes);
    }

    long of(ByteBuffer first, ByteBuffer second) {
        return add(add(seed, first), second);
    }

    private static long add(long begin, ByteBuffer buffer) {
        ByteBuffer bytes = buffer.duplicate().order(ByteOrder.nativeOrder());
        int length = bytes.limit();
        long digest = mix(begin ^ length);
        int at = 0;
        for (; at + Long.BYTES <= length; at += Long.BYTES) {
            digest = mix(digest ^ bytes.getLong(at));
        }
        long rest = 0;
        for (; at < length; at++) {
            rest = rest << Byte.SIZE | bytes.get(at) & 0xff;
        }
        return mix(digest ^ rest);
    }

    /** Each bit of the result hangs on each bit of {@code word}; no two words have the same result. */
    private static long mix(long word) {
        long mixed = (word ^ word >>> 32) * SPREAD;
        mixed = (mixed ^ mixed >>> 29) * SPREAD;
        return mixed ^ mixed >>> 32;
    }
}
