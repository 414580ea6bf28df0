package io.manx.core;

import io.manx.libbpf.Btf;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The fields of the note that a stage has of its own, as {@code manx/field.h} declares them. */
public record StageFields(List<NoteField> publishes, List<NoteField> requires) {
    public static final StageFields NONE = new StageFields(List.of(), List.of());

    /** Of the variables that declare fields; an object without it has none. */
    static final String SECTION = ".manx.fields";

    static final String PLACE = "manx_at_";
    private static final String PUBLISHED = "manx_published";
    private static final String PUBLISHES = "manx_publishes_";
    private static final String REQUIRES = "manx_requires_";

    public StageFields {
        publishes = List.copyOf(publishes);
        requires = List.copyOf(requires);
    }

    /** @param btf of the stage's object */
    public static StageFields of(Btf btf) {
        List<NoteField> publishes = new ArrayList<>();
        List<NoteField> requires = new ArrayList<>();
        btf.variables(SECTION).forEach((variable, layout) -> {
            if (variable.startsWith(PUBLISHES)) {
                publishes.add(NoteField.of(variable.substring(PUBLISHES.length()), layout));
            } else if (variable.startsWith(REQUIRES)) {
                requires.add(NoteField.of(variable.substring(REQUIRES.length()), layout));
            }
        });
        return new StageFields(publishes, requires);
    }

    public List<NoteField> all() {
        List<NoteField> all = new ArrayList<>(publishes);
        all.addAll(requires);
        return all;
    }

    Optional<NoteField> published(String name) {
        return publishes.stream().filter(field -> field.name().equals(name)).findFirst();
    }

    /**
     * What the stage's object must be told before it is loaded.
     *
     * @param places bytes from the start of the note's extension; a field that has none is at its start, which is a place
     *     good enough to have the object verified
     */
    public Map<String, Long> settings(Map<NoteField, Integer> places) {
        Map<String, Long> settings = new LinkedHashMap<>();
        all().forEach(field -> settings.put(field.setting(), (long) places.getOrDefault(field, 0)));
        if (!settings.isEmpty()) {
            settings.put(PUBLISHED, publishes.stream()
                    .mapToLong(field -> FieldPlaces.words(places.getOrDefault(field, 0), field.size()))
                    .reduce(0, (a, b) -> a | b));
        }
        return settings;
    }
}
