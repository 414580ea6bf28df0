package io.manx.policy;

import io.manx.api.layout.Layout;
import io.manx.api.stage.StateMap;
import java.nio.ByteBuffer;
import java.util.IdentityHashMap;
import java.util.Map;

/** Puts programs into the structs of policy.h. */
final class Encoder {
    private static final int TABLES = Dimension.values().length;

    private final Layout id;
    private final Layout program;
    private final Layout prefix;
    private final Layout row;
    private final Layout index;
    private final Layout block;

    Encoder(StateMap programs, StateMap prefixes, StateMap blocks) {
        id = programs.key();
        program = programs.value();
        prefix = prefixes.key();
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
            int number = table.rows().isEmpty() ? 0 : tableOf(placed.id(), dimension);
            program.field(dimension.member() + ".table").set(header, number);
        });
        program.field("rules").set(header, placed.program().rules());
        program.field("allow").set(header, firstOf(placed.program().allow(), placed));
        program.field("first").set(header, placed.first());
        program.field("blocks").set(header, placed.image().blocks().size());
        program.field("digest").setBytes(header, digest);
        return header;
    }

    /** {@code struct policy_block} by row of policy_blocks. */
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

    /** {@code struct policy_row} by {@code struct policy_prefix}. */
    Map<ByteBuffer, ByteBuffer> prefixes(Placed placed) {
        int tableBits = Byte.SIZE * prefix.field("table").size();
        Map<ByteBuffer, ByteBuffer> entries = new IdentityHashMap<>();
        placed.program().tables().forEach((dimension, table) -> table.rows().forEach((within, rules) -> {
            ByteBuffer key = prefix.allocate();
            prefix.field("prefix_length").set(key, tableBits + within.length());
            prefix.field("table").set(key, tableOf(placed.id(), dimension));
            prefix.field("value").setBytes(key, within.bytes());
            ByteBuffer value = row.allocate();
            fill(row, "", value, rules, placed);
            entries.put(key, value);
        }));
        return entries;
    }

    /** The program that a {@code struct policy_prefix} belongs to. */
    int programOf(ByteBuffer key) {
        return (int) (prefix.field("table").get(key) / TABLES);
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
