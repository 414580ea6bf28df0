package io.manx.policy;

import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * An ordered list of rules, ready for the kernel: {@code struct policy_program} and what it refers to.
 *
 * @param rules how many
 * @param allow which of them allow
 */
record Program(int rules, Row allow, Map<Dimension, Table> tables) {
    /** As POLICY_FEW_RULES in policy.h: a bit of a summary for each. */
    private static final int FEW = Long.SIZE;

    /** @throws IllegalArgumentException more rules than rows can tell apart */
    static Program of(List<FlatRule> rules, int blockWords) {
        if (rules.size() > Row.capacity(blockWords)) {
            throw new IllegalArgumentException(rules.size() + " rules apply to one endpoint, and at most "
                    + Row.capacity(blockWords) + " can: put nets or ports of several rules into one");
        }
        BitSet allow = new BitSet();
        for (int rule = 0; rule < rules.size(); rule++) {
            allow.set(rule, rules.get(rule).allow());
        }
        boolean few = rules.size() <= FEW;
        Function<BitSet, Row> row = few ? Row::few : set -> Row.sparse(set, blockWords);
        Map<Dimension, Table> tables = new EnumMap<>(Dimension.class);
        for (Dimension dimension : Dimension.values()) {
            List<Condition> conditions =
                    rules.stream().map(rule -> rule.conditions().get(dimension)).toList();
            tables.put(dimension, Table.of(conditions, row));
        }
        Row allowed = few ? Row.few(allow) : Row.dense(allow, rules.size(), blockWords);
        return new Program(rules.size(), allowed, tables);
    }

    /** 32 bytes, the same for programs that say the same. */
    byte[] digest() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            write(new DataOutputStream(new DigestOutputStream(OutputStream.nullOutputStream(), digest)));
            return digest.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        } catch (IOException e) {
            throw new UncheckedIOException("a digest does no input or output", e);
        }
    }

    private void write(DataOutputStream out) throws IOException {
        out.writeInt(rules);
        write(out, allow);
        for (Dimension dimension : Dimension.values()) {
            Table table = tables.get(dimension);
            write(out, table.asking());
            write(out, table.otherwise());
            out.writeInt(table.rows().size());
            for (Map.Entry<Prefix, Row> entry : table.rows().entrySet()) {
                out.writeLong(entry.getKey().high());
                out.writeLong(entry.getKey().low());
                out.writeInt(entry.getKey().length());
                write(out, entry.getValue());
            }
        }
    }

    private static void write(DataOutputStream out, Row row) throws IOException {
        out.writeLong(row.summary());
        for (long word : row.words()) {
            out.writeLong(word);
        }
    }
}
