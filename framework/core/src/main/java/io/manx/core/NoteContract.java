package io.manx.core;

import io.manx.api.layout.Field;
import io.manx.api.layout.Layout;
import io.manx.libbpf.Btf;
import java.util.Optional;
import java.util.OptionalLong;

/** Holds the note an object was built with against the note that is in force, field by field. */
final class NoteContract {
    private static final String NOTE = "note";
    private static final String ABI = "NOTE_ABI";

    private final Layout inForce;
    private final OptionalLong abi;

    /** @param inForce of the programs at a pipeline's two ends */
    NoteContract(Btf inForce) {
        this.inForce = inForce.struct(NOTE);
        this.abi = inForce.constant(ABI);
    }

    /** @throws IllegalStateException a CPU of this machine would have the note of another one */
    static void requireRoom(int cpus, int notes) {
        if (cpus > notes) {
            throw new IllegalStateException("this kernel may have " + cpus + " CPUs, and Manx has a note for each of " + notes
                    + ": boot it with nr_cpus=" + notes + ", or build Manx with a larger NOTE_CPUS (pipeline.h)");
        }
    }

    /** For the stages' own fields. */
    int extensionBytes() {
        return inForce.field("extension").size();
    }

    /**
     * What does not fit, or empty. A note of the same number with the same fields at the same places fits: the number
     * stands for what a field means, which its place does not show.
     */
    Optional<String> misfit(Btf object) {
        return misfit(object.struct(NOTE)).or(() -> object.constant(ABI).equals(abi)
                ? Optional.empty()
                : Optional.of("its note is of ABI " + text(object.constant(ABI)) + ", the one in force of ABI " + text(abi)));
    }

    private static String text(OptionalLong number) {
        return number.isPresent() ? Long.toString(number.getAsLong()) : "without a number";
    }

    private Optional<String> misfit(Layout built) {
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
