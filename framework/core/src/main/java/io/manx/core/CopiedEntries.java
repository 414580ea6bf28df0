package io.manx.core;

import java.util.BitSet;

/**
 * What was copied from one map to another, by digests alone: an open hash table of the new key's, the old entry's and the
 * new value's, 24 bytes each.
 */
final class CopiedEntries {
    static final int NONE = -1;
    private static final int FIRST_ROOM = 1024;

    private long[] keys = new long[FIRST_ROOM];
    private long[] olds = new long[FIRST_ROOM];
    private long[] fresh = new long[FIRST_ROOM];
    private BitSet taken = new BitSet(FIRST_ROOM);
    private BitSet gone = new BitSet(FIRST_ROOM);
    private final BitSet seen = new BitSet(FIRST_ROOM);
    private int used;
    private int size;

    /** Of those that are there; not of those that {@link #remove} took out. */
    int size() {
        return size;
    }

    /** @return where it is, until the next {@link #put}; {@link #NONE} where it is not */
    int find(long key) {
        int at = place(key);
        return taken.get(at) && !gone.get(at) ? at : NONE;
    }

    void put(long key, long old, long value) {
        if (2 * used >= keys.length) {
            grow();
        }
        int at = place(key);
        used += taken.get(at) ? 0 : 1;
        size += taken.get(at) && !gone.get(at) ? 0 : 1;
        taken.set(at);
        gone.clear(at);
        seen.set(at);
        keys[at] = key;
        olds[at] = old;
        fresh[at] = value;
    }

    void remove(int at) {
        gone.set(at);
        size--;
    }

    long old(int at) {
        return olds[at];
    }

    long value(int at) {
        return fresh[at];
    }

    /** From here on none has been seen. */
    void beginPass() {
        seen.clear();
    }

    /** As {@link #put} also does. */
    void see(int at) {
        seen.set(at);
    }

    boolean isSeen(int at) {
        return seen.get(at);
    }

    boolean allSeen() {
        return seen.cardinality() == size;
    }

    private int place(long key) {
        int at = (int) key & keys.length - 1;
        while (taken.get(at) && keys[at] != key) {
            at = at + 1 & keys.length - 1;
        }
        return at;
    }

    private void grow() {
        long[] oldKeys = keys;
        long[] oldOlds = olds;
        long[] oldFresh = fresh;
        BitSet oldTaken = taken;
        BitSet oldGone = gone;
        BitSet oldSeen = (BitSet) seen.clone();
        keys = new long[2 * oldKeys.length];
        olds = new long[keys.length];
        fresh = new long[keys.length];
        taken = new BitSet(keys.length);
        gone = new BitSet(keys.length);
        seen.clear();
        used = size;
        for (int i = oldTaken.nextSetBit(0); i >= 0; i = oldTaken.nextSetBit(i + 1)) {
            if (!oldGone.get(i)) {
                int at = place(oldKeys[i]);
                taken.set(at);
                keys[at] = oldKeys[i];
                olds[at] = oldOlds[i];
                fresh[at] = oldFresh[i];
                seen.set(at, oldSeen.get(i));
            }
        }
    }
}
