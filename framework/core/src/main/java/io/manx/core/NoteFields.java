package io.manx.core;

import io.manx.libbpf.BpfException;
import io.manx.libbpf.ObjectSpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * The stages' own fields in the note: who has which, read from each object once, and where in the note they are. A field
 * that packets are written with stays where it is: it can only get another place in a later generation, once nobody has
 * it any more.
 */
final class NoteFields {
    private final Function<StageDescriptor, StageFields> reader;
    private final int bytes;
    private final Map<StageDescriptor, StageFields> known = new HashMap<>();
    private final Map<Hook, Map<NoteField, Integer>> places = new EnumMap<>(Hook.class);

    /** @param bytes of the note's extension */
    NoteFields(int bytes) {
        this(bytes, NoteFields::read);
    }

    NoteFields(int bytes, Function<StageDescriptor, StageFields> reader) {
        this.bytes = bytes;
        this.reader = reader;
    }

    int bytes() {
        return bytes;
    }

    StageFields of(StageDescriptor stage) {
        return known.computeIfAbsent(stage, reader);
    }

    /** Of no other stage will anybody ask again. */
    void retain(Set<StageDescriptor> stages) {
        known.keySet().retainAll(stages);
    }

    /** Every field that these publish. */
    List<NoteField> published(Collection<StageDescriptor> stages) {
        return stages.stream().flatMap(stage -> of(stage).publishes().stream()).distinct().toList();
    }

    /**
     * As {@link FieldPlaces#of}; changes nothing.
     *
     * @param chosen of one hook
     */
    Map<NoteField, Integer> tryPlaces(Collection<StageDescriptor> chosen, List<StageDescriptor> running) {
        Map<NoteField, Integer> before = chosen.stream()
                .findFirst()
                .map(stage -> places.getOrDefault(stage.hook(), Map.of()))
                .orElse(Map.of());
        return FieldPlaces.of(bytes, published(chosen), before, Set.copyOf(published(running)));
    }

    /** From now on stages are loaded with the places that {@code chosen} get. */
    void place(Hook hook, Collection<StageDescriptor> chosen, List<StageDescriptor> running) {
        Map<NoteField, Integer> before = places.getOrDefault(hook, Map.of());
        Map<NoteField, Integer> next = new HashMap<>(tryPlaces(chosen, running));
        /* Should the change fail, those that run go on with theirs. */
        published(running).stream().filter(before::containsKey).forEach(field -> next.put(field, before.get(field)));
        places.put(hook, next);
    }

    /** As {@link StageFields#settings}. */
    Map<String, Long> settings(Hook hook, StageFields fields) {
        return fields.settings(places.getOrDefault(hook, Map.of()));
    }

    /** Most objects have no fields, and need not be taken apart to know; what is wrong with one is said when it is loaded. */
    private static StageFields read(StageDescriptor stage) {
        try {
            byte[] object = stage.object().read();
            return new String(object, StandardCharsets.ISO_8859_1).contains(StageFields.SECTION)
                    ? StageFields.of(ObjectSpec.parse(stage.name() + ".bpf.o", object).btf())
                    : StageFields.NONE;
        } catch (IOException | BpfException e) {
            return StageFields.NONE;
        }
    }
}
