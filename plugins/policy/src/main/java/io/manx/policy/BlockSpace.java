package io.manx.policy;

import java.util.BitSet;

/** Which rows of {@code blocks} are taken; a program's are one run. */
final class BlockSpace {
    private final int capacity;
    private final BitSet taken = new BitSet();

    BlockSpace(int capacity) {
        this.capacity = capacity;
    }

    void occupy(int first, int count) {
        taken.set(first, first + count);
    }

    void release(int first, int count) {
        taken.clear(first, first + count);
    }

    /** @return the first of {@code count} rows. @throws IllegalStateException no run is long enough */
    int take(int count) {
        int first = 0;
        int next = taken.nextSetBit(first);
        while (next >= 0 && next < first + count) {
            first = taken.nextClearBit(next);
            next = taken.nextSetBit(first);
        }
        if (first + count > capacity) {
            throw new IllegalStateException("policies need " + count + " more blocks of rules in a row, and of "
                    + capacity + " only " + (capacity - taken.cardinality())
                    + " are free: use fewer rules, or nets that overlap less");
        }
        occupy(first, count);
        return first;
    }
}
