package io.manx.core;

import io.manx.api.layout.Field;
import io.manx.api.layout.Layout;
import java.util.List;

/**
 * A field that a stage publishes in the note, or requires, as C declares it. Two are equal where name and type are, down
 * to the type's members.
 *
 * @param type {@code __u32}, {@code struct tag}
 * @param size bytes
 * @param members as {@link Layout#fields}, from the field's start
 */
public record NoteField(String name, String type, int size, List<Field> members) {
    /** The member of an integer's {@link Layout}. */
    private static final String VALUE = "value";

    public NoteField {
        members = List.copyOf(members);
    }

    static NoteField of(String name, Layout layout) {
        String type = layout.has(VALUE) && layout.field(VALUE).type().equals(layout.name())
                ? layout.name()
                : "struct " + layout.name();
        return new NoteField(name, type, layout.size(), layout.fields());
    }

    /** The setting of a stage's object that says where in the note's extension the field is. */
    public String setting() {
        return StageFields.PLACE + name;
    }

    /** {@code __u32, 4 bytes}. */
    String typeText() {
        return type + ", " + size + (size == 1 ? " byte" : " bytes");
    }

    /** As C writes it: {@code __u32 tenant}. */
    @Override
    public String toString() {
        return type + " " + name;
    }
}
