package io.manx.core;

import io.manx.api.layout.Field;
import io.manx.api.layout.Layout;
import java.util.Optional;

/** Holds the note an object was built with against the note that is in force, field by field. */
final class NoteContract {
    private final Layout inForce;

    NoteContract(Layout inForce) {
        this.inForce = inForce;
    }

    /** What does not fit, or empty. A note of the same fields at the same places fits. */
    Optional<String> misfit(Layout built) {
        for (Field field : inForce.fields()) {
            if (!built.has(field.name())) {
                return Optional.of("its note has no field " + field.name());
            }
            Field other = built.field(field.name());
            if (other.offset() != field.offset() || other.size() != field.size()) {
                return Optional.of("its note has field " + place(other) + ", the one in force has it " + place(field));
            }
        }
        return built.fields().stream()
                .filter(field -> !inForce.has(field.name()))
                .findFirst()
                .map(field -> "its note has a field " + place(field) + " that the one in force lacks")
                .or(() -> built.size() == inForce.size()
                        ? Optional.empty()
                        : Optional.of("its note has " + built.size() + " bytes, the one in force " + inForce.size()));
    }

    private static String place(Field field) {
        return field.name() + " at byte " + field.offset() + " (" + field.size() + " bytes)";
    }
}
