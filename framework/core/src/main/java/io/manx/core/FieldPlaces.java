package io.manx.core;

import java.util.BitSet;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * Where in the note's extension each published field is. A field takes whole words of 4 bytes, so that a stage can clear
 * its own and nobody else's, and begins at a multiple of 8 where its size is one.
 *
 * <pre>
 *  0               4               8                               16           64 bytes
 *  +---------------+---------------+-------------------------------+--- ... ----+
 *  | __u32 tenant  | __u8 colour   | __u64 cookie                  | free       |
 *  +---------------+---------------+-------------------------------+--- ... ----+
 * </pre>
 */
public final class FieldPlaces {
    /** Bytes, as FIELD_WORD in field.h. */
    private static final int WORD = 4;

    private FieldPlaces() {}

    /**
     * Places fields, the large ones first.
     *
     * @param bytes of the note's extension
     * @param before where fields were, and stay if they can
     * @param live those of {@code before} that packets are written with: where one is wanted, it stays
     * @return every wanted field for which there is room, and its place in bytes
     */
    public static Map<NoteField, Integer> of(
            int bytes,
            Collection<NoteField> wanted,
            Map<NoteField, Integer> before,
            Set<NoteField> live) {
        BitSet full = new BitSet(bytes / WORD);
        Map<NoteField, Integer> places = new LinkedHashMap<>();
        Set<NoteField> open = new LinkedHashSet<>(wanted);
        wanted.stream().filter(live::contains).filter(before::containsKey).forEach(field -> {
            places.put(field, before.get(field));
            occupy(full, before.get(field), field);
            open.remove(field);
        });
        open.stream().sorted(Comparator.comparing(NoteField::size).reversed().thenComparing(NoteField::name)).forEach(field -> {
            int place = before.containsKey(field) && isFree(full, bytes, before.get(field), field)
                    ? before.get(field)
                    : firstFree(full, bytes, field);
            if (place >= 0) {
                occupy(full, place, field);
                places.put(field, place);
            }
        });
        return places;
    }

    /** One bit a word. */
    static long words(int place, int size) {
        BitSet words = new BitSet();
        words.set(place / WORD, end(place, size));
        return words.isEmpty() ? 0 : words.toLongArray()[0];
    }

    private static int firstFree(BitSet full, int bytes, NoteField field) {
        for (int place = 0; place < bytes; place += field.size() % (2 * WORD) == 0 ? 2 * WORD : WORD) {
            if (isFree(full, bytes, place, field)) {
                return place;
            }
        }
        return -1;
    }

    private static boolean isFree(BitSet full, int bytes, int place, NoteField field) {
        int next = full.nextSetBit(place / WORD);
        return place + field.size() <= bytes && (next < 0 || next >= end(place, field.size()));
    }

    private static void occupy(BitSet full, int place, NoteField field) {
        full.set(place / WORD, end(place, field.size()));
    }

    /** The first word behind it. */
    private static int end(int place, int size) {
        return (place + size + WORD - 1) / WORD;
    }
}
