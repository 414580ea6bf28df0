package io.manx.policy;

import io.manx.api.layout.Layout;
import io.manx.api.stage.StageContext;
import io.manx.api.stage.StateMap;
import io.manx.policy.Encoder.Placed;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * The programs in the kernel, as found there when it is made: an earlier version of the stage may have left some, and
 * one that says the same is used again.
 */
final class ProgramStore {
    /** Stands for the digest until all is written: one that an end of the process cut short is never used, and erased. */
    private static final byte[] UNFINISHED = new byte[32];

    static {
        Arrays.fill(UNFINISHED, (byte) -1);
    }

    /** @param first its first block, and how many */
    private record Stored(int first, int blocks) {}

    private final StateMap programs;
    private final StateMap prefixes;
    private final StateMap values;
    private final StateMap blocks;
    private final Encoder encoder;
    private final int blockWords;
    private final Map<Integer, Stored> stored = new HashMap<>();
    private final Map<ByteBuffer, Integer> byDigest = new HashMap<>();
    private final Map<Program, Integer> written = new IdentityHashMap<>();
    private final BlockSpace space;

    ProgramStore(StageContext context) {
        programs = context.map("programs");
        prefixes = context.map("prefixes");
        values = context.map("values");
        blocks = context.map("blocks");
        encoder = new Encoder(programs, prefixes, values, blocks);
        blockWords = blockWords(context);
        space = new BlockSpace(blocks.capacity());
        programs.forEach(this::found);
    }

    static int blockWords(StageContext context) {
        return context.map("blocks").value().size() / Long.BYTES;
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
        int size = image.blocks().size();
        Placed placed = new Placed(program, image, id, space.take(size));
        remember(id, digest, new Stored(placed.first(), size));
        try {
            programs.put(encoder.key(id), encoder.header(placed, UNFINISHED));
            blocks.putAll(encoder.blocks(placed));
            prefixes.putAll(encoder.prefixes(placed));
            values.putAll(encoder.values(placed));
            programs.put(encoder.key(id), encoder.header(placed, digest));
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
        deleteIf(prefixes, key -> ids.contains(encoder.programOfPrefix(key)));
        deleteIf(values, key -> ids.contains(encoder.programOfValue(key)));
        for (int id : ids) {
            programs.put(encoder.key(id), programs.value().allocate());
            byDigest.values().remove(id);
            Stored place = stored.remove(id);
            if (place != null) {
                space.release(place.first(), place.blocks());
            }
        }
    }

    private static void deleteIf(StateMap map, Predicate<ByteBuffer> chosen) {
        List<ByteBuffer> gone = new ArrayList<>();
        map.forEach((key, row) -> {
            if (chosen.test(key)) {
                gone.add(key);
            }
        });
        gone.forEach(map::delete);
    }
}
