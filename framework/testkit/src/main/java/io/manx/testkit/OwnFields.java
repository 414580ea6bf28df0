package io.manx.testkit;

import io.manx.api.layout.Field;
import io.manx.api.layout.Layout;
import io.manx.core.FieldPlaces;
import io.manx.core.NoteField;
import io.manx.core.StageFields;
import io.manx.libbpf.LoadOptions;
import io.manx.libbpf.ObjectSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The fields of the note that a stage under test publishes and requires, and where they are in this test. */
final class OwnFields {
    private static final String EXTENSION = "extension";

    private final StageFields fields;
    private final Map<NoteField, Integer> places;

    private OwnFields(StageFields fields, Map<NoteField, Integer> places) {
        this.fields = fields;
        this.places = places;
    }

    /** @throws IllegalArgumentException there are more than the note has room for */
    static OwnFields of(ObjectSpec spec) {
        StageFields fields = StageFields.of(spec.btf());
        if (fields.all().isEmpty()) {
            return new OwnFields(fields, Map.of());
        }
        int bytes = spec.btf().struct("note").field(EXTENSION).size();
        Map<NoteField, Integer> places = FieldPlaces.of(bytes, fields.all(), Map.of(), Set.of());
        fields.all().stream().filter(field -> !places.containsKey(field)).findFirst().ifPresent(field -> {
            throw new IllegalArgumentException(spec.name() + ": its field " + field + " does not fit in the " + bytes
                    + " bytes that the note has for the fields of all stages");
        });
        return new OwnFields(fields, places);
    }

    void tell(LoadOptions options) {
        fields.settings(places).forEach(options::setting);
    }

    /** With {@code extension.tenant} and {@code extension.tag.id} among its members. */
    Layout in(Layout note) {
        List<Field> members = new ArrayList<>(note.fields());
        places.forEach((field, place) -> {
            String path = EXTENSION + "." + field.name();
            int start = note.field(EXTENSION).offset() + place;
            members.add(new Field(path, field.type(), start, field.size()));
            field.members().forEach(member -> members.add(
                    new Field(path + "." + member.name(), member.type(), start + member.offset(), member.size())));
        });
        return new Layout(note.name(), note.size(), members);
    }
}
