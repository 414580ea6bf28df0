package io.manx.policy;

import java.util.Arrays;
import java.util.BitSet;

/**
 * A set of rules as the kernel has it: {@code struct policy_row} and the blocks that are stored for it; where a program
 * has few rules, none are.
 */
final class Row {
    private final long summary;
    private final long[] words;

    private Row(long summary, long[] words) {
        this.summary = summary;
        this.words = words;
    }

    /** The most rules that rows of this shape tell apart. */
    static int capacity(int blockWords) {
        return Long.SIZE * blockWords * Long.SIZE;
    }

    /** Of a program whose rules are no more than the bits of a summary. */
    static Row few(BitSet rules) {
        long[] bits = rules.toLongArray();
        return new Row(bits.length == 0 ? 0 : bits[0], new long[0]);
    }

    /** Only the blocks that hold a rule. */
    static Row sparse(BitSet rules, int blockWords) {
        long[] all = rules.toLongArray();
        long[] stored = new long[all.length + blockWords];
        long summary = 0;
        int length = 0;
        for (int at = 0; at < all.length; at += blockWords) {
            long[] block = Arrays.copyOfRange(all, at, at + blockWords);
            if (Arrays.stream(block).anyMatch(word -> word != 0)) {
                summary |= 1L << (at / blockWords);
                System.arraycopy(block, 0, stored, length, blockWords);
                length += blockWords;
            }
        }
        return new Row(summary, Arrays.copyOf(stored, length));
    }

    /** Every block up to the one of the last of {@code count} rules. */
    static Row dense(BitSet rules, int count, int blockWords) {
        int blockRules = blockWords * Long.SIZE;
        int blocks = (count + blockRules - 1) / blockRules;
        long summary = blocks == 0 ? 0 : -1L >>> (Long.SIZE - blocks);
        return new Row(summary, Arrays.copyOf(rules.toLongArray(), blocks * blockWords));
    }

    long summary() {
        return summary;
    }

    /** Of all stored blocks, one after the other. */
    long[] words() {
        return words.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Row row && row.summary == summary && Arrays.equals(row.words, words);
    }

    @Override
    public int hashCode() {
        return 31 * Long.hashCode(summary) + Arrays.hashCode(words);
    }
}
