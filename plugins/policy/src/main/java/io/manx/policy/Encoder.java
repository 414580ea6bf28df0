package io.manx.policy;

import io.manx.api.layout.Layout;
import io.manx.api.stage.StateMap;
import java.nio.ByteBuffer;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.function.BiFunction;

/** Puts programs into the structs of policy.h. */
final class Encoder {
    private static final int TABLES = Dimension.values().length;

    private final Layout id;
    private final Layout program;
    private final Layout prefix;
    private final Layout value;
    private final Layout row;
    private final Layout index;
    private final Layout block;

    Encoder(StateMap programs, StateMap prefixes, StateMap values, StateMap blocks) {
        id = programs.key();
        program = programs.value();
        prefix = prefixes.key();
        value = values.key();
        row = prefixes.value();
        index = blocks.key();
        block = blocks.value();
    }

    /** A program, and where in the maps it goes. @param first of its blocks */
    record Placed(Program program, Image image, int id, int first) {}

    ByteBuffer key(int programId) {
        ByteBuffer key = id.allocate();
        id.field("value").set(key, programId);
        return key;
    }

    /** {@code struct policy_program}. */
    ByteBuffer header(Placed placed, byte[] digest) {
        ByteBuffer header = program.allocate();
        placed.program().tables().forEach((dimension, table) -> {
            fill(program, dimension.member() + ".otherwise.", header, table.otherwise(), placed);
            program.field(dimension.member() + ".asking").set(header, table.asking().summary());
            program.field(dimension.member() + ".table").set(header, tableOf(placed.id(), dimension));
            program.field(dimension.member() + ".length").set(header, table.length().orElse(0));
        });
        fill(program, "allow.", header, placed.program().allow(), placed);
        program.field("rules").set(header, placed.program().rules());
        program.field("first").set(header, placed.first());
        program.field("blocks").set(header, placed.image().blocks().size());
        program.field("digest").setBytes(header, digest);
        return header;
    }

    /** {@code struct policy_block} by row of {@code blocks}. */
    Map<ByteBuffer, ByteBuffer> blocks(Placed placed) {
        Map<ByteBuffer, ByteBuffer> entries = new IdentityHashMap<>();
        int at = placed.first();
        for (long[] words : placed.image().blocks()) {
            ByteBuffer key = index.allocate();
            index.field("value").set(key, at++);
            ByteBuffer value = block.allocate();
            value.asLongBuffer().put(words);
            entries.put(key, value);
        }
        return entries;
    }

    /** {@code struct policy_row} by {@code struct policy_prefix}: of tables whose prefixes differ in length. */
    Map<ByteBuffer, ByteBuffer> prefixes(Placed placed) {
        int tableBits = Byte.SIZE * prefix.field("table").size();
        return rows(placed, false, (table, within) -> {
            ByteBuffer key = key(prefix, table, within);
            prefix.field("prefix_length").set(key, tableBits + within.length());
            return key;
        });
    }

    /** {@code struct policy_row} by {@code struct policy_value}: of the other tables. */
    Map<ByteBuffer, ByteBuffer> values(Placed placed) {
        return rows(placed, true, (table, within) -> key(value, table, within));
    }

    private Map<ByteBuffer, ByteBuffer> rows(
            Placed placed, boolean ofOneLength, BiFunction<Integer, Prefix, ByteBuffer> key) {
        Map<ByteBuffer, ByteBuffer> entries = new IdentityHashMap<>();
        placed.program().tables().forEach((dimension, table) -> {
            if (table.length().isPresent() == ofOneLength) {
                table.rows().forEach((within, rules) -> {
                    ByteBuffer to = row.allocate();
                    fill(row, "", to, rules, placed);
                    entries.put(key.apply(tableOf(placed.id(), dimension), within), to);
                });
            }
        });
        return entries;
    }

    private static ByteBuffer key(Layout layout, int table, Prefix within) {
        ByteBuffer key = layout.allocate();
        layout.field("table").set(key, table);
        layout.field("value").setBytes(key, within.bytes());
        return key;
    }

    /** The program that a {@code struct policy_prefix} belongs to. */
    int programOfPrefix(ByteBuffer key) {
        return programOf(prefix, key);
    }

    /** The program that a {@code struct policy_value} belongs to. */
    int programOfValue(ByteBuffer key) {
        return programOf(value, key);
    }

    private static int programOf(Layout layout, ByteBuffer key) {
        return (int) (layout.field("table").get(key) / TABLES);
    }

    /** Never 0: ids begin at 1. */
    private static int tableOf(int programId, Dimension dimension) {
        return TABLES * programId + dimension.ordinal();
    }

    private static void fill(Layout layout, String path, ByteBuffer into, Row rules, Placed placed) {
        layout.field(path + "summary").set(into, rules.summary());
        layout.field(path + "first").set(into, firstOf(rules, placed));
    }

    private static int firstOf(Row rules, Placed placed) {
        return placed.first() + placed.image().offsetOf(rules);
    }
}
