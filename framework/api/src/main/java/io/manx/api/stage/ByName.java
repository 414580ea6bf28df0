package io.manx.api.stage;

import io.manx.api.layout.Field;
import io.manx.api.layout.Layout;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** Members to members of the same name and type, both in keys and in values. */
final class ByName implements MapMigration {
    private record Move(int from, int to, int bytes) {}

    private final String map;
    private final List<Move> key;
    private final List<Move> value;
    private final BitSet keyRest;
    private final BitSet valueRest;

    ByName(MapChange change) {
        this.map = change.map();
        this.key = moves("key", change.before().key(), change.after().key());
        this.value = moves("value", change.before().value(), change.after().value());
        this.keyRest = rest(key, change.before().key().size());
        this.valueRest = rest(value, change.before().value().size());
    }

    @Override
    public boolean convert(ByteBuffer oldKey, ByteBuffer oldValue, ByteBuffer newKey, ByteBuffer newValue) {
        requireZero("key", oldKey, keyRest);
        requireZero("value", oldValue, valueRest);
        key.forEach(move -> newKey.put(move.to, oldKey, move.from, move.bytes));
        value.forEach(move -> newValue.put(move.to, oldValue, move.from, move.bytes));
        return true;
    }

    private List<Move> moves(String what, Layout before, Layout after) {
        List<Move> moves = new ArrayList<>();
        for (Field field : leaves(before)) {
            if (!after.has(field.name())) {
                throw new IllegalArgumentException("by name: the new " + what + " of map " + map + " has no "
                        + field.name() + " to take what " + field.type() + " " + field.name() + " holds");
            }
            Field next = after.field(field.name());
            if (next.size() != field.size() || !next.type().equals(field.type())) {
                throw new IllegalArgumentException("by name: " + field.name() + " in the " + what + " of map " + map
                        + " was " + field.type() + " (" + field.size() + " bytes) and is now " + next.type() + " ("
                        + next.size() + " bytes)");
            }
            moves.add(new Move(field.offset(), next.offset(), field.size()));
        }
        return moves;
    }

    /** Members without members of their own. A struct or an array stands right before its first. */
    private static List<Field> leaves(Layout layout) {
        List<Field> all = layout.fields();
        List<Field> leaves = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            String name = all.get(i).name();
            String next = i + 1 < all.size() ? all.get(i + 1).name() : "";
            if (!next.startsWith(name + ".") && !next.startsWith(name + "[")) {
                leaves.add(all.get(i));
            }
        }
        return leaves;
    }

    /** Bytes of no member: padding, which is zero, or bit fields, which have no names here. */
    private static BitSet rest(List<Move> moves, int size) {
        BitSet rest = new BitSet(size);
        rest.set(0, size);
        moves.forEach(move -> rest.clear(move.from, move.from + move.bytes));
        return rest;
    }

    private void requireZero(String what, ByteBuffer bytes, BitSet rest) {
        for (int at = rest.nextSetBit(0); at >= 0; at = rest.nextSetBit(at + 1)) {
            if (bytes.get(at) != 0) {
                throw new IllegalArgumentException("by name: byte " + at + " in a " + what + " of map " + map
                        + " is not zero and belongs to no member (a bit field has no name to go by)");
            }
        }
    }
}
