package io.manx.libbpf;

import java.util.Arrays;

/** Kinds of maps, as {@code enum bpf_map_type}. */
public enum MapType {
    HASH(1),
    ARRAY(2),
    PROG_ARRAY(3),
    PERCPU_HASH(5),
    PERCPU_ARRAY(6),
    LRU_HASH(9),
    LRU_PERCPU_HASH(10),
    LPM_TRIE(11),
    RINGBUF(27),
    /** Any that has no entries Manx could read; programs may use it all the same. */
    OTHER(0);

    private final int number;

    MapType(int number) {
        this.number = number;
    }

    static MapType of(int number) {
        return Arrays.stream(values()).filter(type -> type.number == number).findFirst().orElse(OTHER);
    }

    /** The kernel's number. */
    int number() {
        return number;
    }

    /** Whether each possible CPU has a value of its own. */
    public boolean perCpu() {
        return this == PERCPU_HASH || this == PERCPU_ARRAY || this == LRU_PERCPU_HASH;
    }

    /** Whether every key from 0 to the capacity is there from the beginning. */
    public boolean array() {
        return this == ARRAY || this == PERCPU_ARRAY || this == PROG_ARRAY;
    }

    /** Whether its entries are state: neither programs nor events, and to be read and written from here. */
    public boolean state() {
        return this != PROG_ARRAY && this != RINGBUF && this != OTHER;
    }
}
