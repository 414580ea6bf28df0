package io.manx.policy;

import io.manx.api.layout.Addresses;
import io.manx.api.resource.Cidr;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The first bits of a value of 128, as in {@code struct policy_prefix}. In natural order a prefix comes before those
 * inside it, and these before any other.
 *
 * @param high the first 64 bits, in network order; those beyond the length are zero
 * @param length bits
 */
record Prefix(long high, long low, int length) implements Comparable<Prefix> {
    private static final int WORD = 32;

    Prefix {
        high &= mask(length);
        low &= mask(length - Long.SIZE);
    }

    static Prefix of(Cidr cidr) {
        return of(cidr.address(), Addresses.prefixLength(cidr.address(), cidr.length()));
    }

    static Prefix of(InetAddress address) {
        return of(address, 2 * Long.SIZE);
    }

    private static Prefix of(InetAddress address, int length) {
        ByteBuffer bytes = ByteBuffer.wrap(Addresses.bytes(address));
        return new Prefix(bytes.getLong(), bytes.getLong(), length);
    }

    /** Of a number that stands in the value's first 32 bits. */
    static Prefix ofWord(long word, int length) {
        return new Prefix(word << WORD, 0, length);
    }

    /** The fewest prefixes that hold the numbers {@code first} to {@code last}, both ends included, and no other. */
    static List<Prefix> ofRange(long first, long last) {
        List<Prefix> prefixes = new ArrayList<>();
        long from = first;
        while (from <= last) {
            int free = Math.min(WORD, Long.numberOfTrailingZeros(from));
            while (from + (1L << free) - 1 > last) {
                free--;
            }
            prefixes.add(ofWord(from, WORD - free));
            from += 1L << free;
        }
        return prefixes;
    }

    boolean covers(Prefix other) {
        return length <= other.length
                && high == (other.high & mask(length))
                && low == (other.low & mask(length - Long.SIZE));
    }

    /** 16, in network order. */
    byte[] bytes() {
        return ByteBuffer.allocate(2 * Long.BYTES).putLong(high).putLong(low).array();
    }

    @Override
    public int compareTo(Prefix other) {
        int order = Long.compareUnsigned(high, other.high);
        if (order == 0) {
            order = Long.compareUnsigned(low, other.low);
        }
        return order != 0 ? order : Integer.compare(length, other.length);
    }

    private static long mask(int bits) {
        return bits <= 0 ? 0 : bits >= Long.SIZE ? -1 : -1L << (Long.SIZE - bits);
    }
}
