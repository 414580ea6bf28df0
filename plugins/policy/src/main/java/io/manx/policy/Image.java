package io.manx.policy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The blocks of a program as they lie in the map {@code blocks}; equal rows share theirs. */
final class Image {
    private final int blockWords;
    private final Map<Row, Integer> offsets = new LinkedHashMap<>();
    private final List<long[]> blocks = new ArrayList<>();

    Image(Program program, int blockWords) {
        this.blockWords = blockWords;
        place(program.allow());
        for (Table table : program.tables().values()) {
            place(table.otherwise());
            table.rows().values().forEach(this::place);
        }
    }

    /** Blocks before this row's first. */
    int offsetOf(Row row) {
        return offsets.get(row);
    }

    /** The words of each block. */
    List<long[]> blocks() {
        return blocks;
    }

    private void place(Row row) {
        if (offsets.putIfAbsent(row, blocks.size()) == null) {
            long[] words = row.words();
            for (int at = 0; at < words.length; at += blockWords) {
                long[] block = new long[blockWords];
                System.arraycopy(words, at, block, 0, blockWords);
                blocks.add(block);
            }
        }
    }
}
