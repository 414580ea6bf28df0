package io.manx.core;

import java.util.BitSet;

/** The rows of manx_ends: each attach point has one, whatever its hook. */
final class Rows {
    private final BitSet taken = new BitSet();
    private final int limit;

    Rows(int limit) {
        this.limit = limit;
    }

    /** @throws IllegalStateException there is none left */
    int take() {
        int row = taken.nextClearBit(0);
        if (row >= limit) {
            throw new IllegalStateException("all " + limit
                    + " attach points are in use: an interface takes two, and one more where it has stages on xdp");
        }
        taken.set(row);
        return row;
    }

    /** One that an earlier run gave away. */
    void reserve(int row) {
        taken.set(row);
    }

    void free(int row) {
        taken.clear(row);
    }
}
