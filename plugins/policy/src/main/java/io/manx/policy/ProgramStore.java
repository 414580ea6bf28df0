package io.manx.policy;

import io.manx.api.layout.Layout;
import io.manx.api.stage.StageContext;
import io.manx.api.stage.StateMap;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The programs in the kernel, as found there when it is made: an earlier version of the stage may have left some, and
 * one that says the same is used again.
 */
final class ProgramStore {
    private static final int TABLES = Dimension.values().length;

    /** Stands for the digest until all is written: one that an end of the process cut short is never used, and erased. */
    private static final byte[] UNFINISHED = new byte[32];

    static {
        Arrays.fill(UNFINISHED, (byte) -1);
    }

    /** @param first its first block, and how many */
    private record Stored(int first, int blocks) {}

    private final StateMap programs;
    private final StateMap prefixes;
    private final StateMap blocks;
    private final int blockWords;
    private final Map<Integer, Stored> stored = new HashMap<>();
    private final Map<ByteBuffer, Integer> byDigest = new HashMap<>();
    private final Map<Program, Integer> written = new IdentityHashMap<>();
    private final BlockSpace space;

    ProgramStore(StageContext context) {
        programs = context.map("policy_programs");
        prefixes = context.map("policy_prefixes");
        blocks = context.map("policy_blocks");
        blockWords = blockWords(context);
        space = new BlockSpace(blocks.capacity());
        programs.forEach(this::found);
    }

    static int blockWords(StageContext context) {
        return context.map("policy_blocks").value().size() / Long.BYTES;
    }

    private void found(ByteBuffer key, ByteBuffer program) {
        Layout layout = programs.value();
        byte[] digest = layout.field("digest").bytes(program);
        if (!ByteBuffer.wrap(digest).equals(ByteBuffer.allocate(digest.length))) {
            int id = (int) programs.key().field("value").get(key);
            Stored found = new Stored(
                    (int) layout.field("first").get(program), (int) layout.field("blocks").get(program));
            remember(id, digest, found);
            space.occupy(found.first(), found.blocks());
        }
    }

    private void remember(int id, byte[] digest, Stored program) {
        stored.put(id, program);
        byDigest.put(ByteBuffer.wrap(digest), id);
    }

    Set<Integer> ids() {
        return new TreeSet<>(stored.keySet());
    }

    /**
     * @return the id of a program that says this; written wholly if there was none
     * @throws RuntimeException there is no room for it; nothing is left of it
     */
    int put(Program program) {
        return written.computeIfAbsent(program, one -> {
            byte[] digest = one.digest();
            Integer known = byDigest.get(ByteBuffer.wrap(digest));
            return known != null ? known : write(one, digest);
        });
    }

    private int write(Program program, byte[] digest) {
        int id = freeId();
        Image image = new Image(program, blockWords);
        Stored place = new Stored(space.take(image.blocks().size()), image.blocks().size());
        remember(id, digest, place);
        try {
            programs.put(key(id), header(program, image, id, place, UNFINISHED));
            blocks.putAll(blockEntries(image, place.first()));
            prefixes.putAll(prefixEntries(program, image, id, place.first()));
            programs.put(key(id), header(program, image, id, place, digest));
        } catch (RuntimeException e) {
            erase(Set.of(id));
            throw new IllegalStateException("writing a program of " + program.rules() + " rules into the tables of"
                    + " stage policy: " + e.getMessage(), e);
        }
        return id;
    }

    private int freeId() {
        for (int id = 1; id < programs.capacity(); id++) {
            if (!stored.containsKey(id)) {
                return id;
            }
        }
        throw new IllegalStateException("endpoints have more than " + (programs.capacity() - 1)
                + " different lists of rules: let policies select more endpoints alike");
    }

    /** Removes programs that no packet can be in. */
    void erase(Set<Integer> ids) {
        if (ids.isEmpty()) {
            return;
        }
        List<ByteBuffer> gone = new ArrayList<>();
        prefixes.forEach((key, row) -> {
            if (ids.contains((int) (prefixes.key().field("table").get(key) / TABLES))) {
                gone.add(key);
            }
        });
        gone.forEach(prefixes::delete);
        for (int id : ids) {
            programs.put(key(id), programs.value().allocate());
            byDigest.values().remove(id);
            Stored place = stored.remove(id);
            if (place != null) {
                space.release(place.first(), place.blocks());
            }
        }
    }

    private ByteBuffer key(int id) {
        ByteBuffer key = programs.key().allocate();
        programs.key().field("value").set(key, id);
        return key;
    }

    private Map<ByteBuffer, ByteBuffer> blockEntries(Image image, int first) {
        Map<ByteBuffer, ByteBuffer> entries = new IdentityHashMap<>();
        int at = first;
        for (long[] words : image.blocks()) {
            ByteBuffer key = blocks.key().allocate();
            blocks.key().field("value").set(key, at++);
            ByteBuffer block = blocks.value().allocate();
            block.asLongBuffer().put(words);
            entries.put(key, block);
        }
        return entries;
    }

    private Map<ByteBuffer, ByteBuffer> prefixEntries(Program program, Image image, int id, int first) {
        Layout keyLayout = prefixes.key();
        int tableBits = 8 * keyLayout.field("table").size();
        Map<ByteBuffer, ByteBuffer> entries = new IdentityHashMap<>();
        program.tables().forEach((dimension, table) -> table.rows().forEach((prefix, row) -> {
            ByteBuffer key = keyLayout.allocate();
            keyLayout.field("prefix_length").set(key, tableBits + prefix.length());
            keyLayout.field("table").set(key, tableOf(id, dimension));
            keyLayout.field("value").setBytes(key, prefix.bytes());
            ByteBuffer value = prefixes.value().allocate();
            fill(prefixes.value(), "", value, row, image, first);
            entries.put(key, value);
        }));
        return entries;
    }

    private ByteBuffer header(Program program, Image image, int id, Stored place, byte[] digest) {
        Layout layout = programs.value();
        ByteBuffer header = layout.allocate();
        program.tables().forEach((dimension, table) -> {
            fill(layout, dimension.member() + ".otherwise.", header, table.otherwise(), image, place.first());
            int number = table.rows().isEmpty() ? 0 : tableOf(id, dimension);
            layout.field(dimension.member() + ".table").set(header, number);
        });
        layout.field("rules").set(header, program.rules());
        layout.field("allow").set(header, place.first() + image.offsetOf(program.allow()));
        layout.field("first").set(header, place.first());
        layout.field("blocks").set(header, place.blocks());
        layout.field("digest").setBytes(header, digest);
        return header;
    }

    private static void fill(Layout layout, String path, ByteBuffer into, Row row, Image image, int first) {
        layout.field(path + "summary").set(into, row.summary());
        layout.field(path + "first").set(into, first + image.offsetOf(row));
    }

    /** Never 0: ids begin at 1. */
    private static int tableOf(int id, Dimension dimension) {
        return TABLES * id + dimension.ordinal();
    }
}
