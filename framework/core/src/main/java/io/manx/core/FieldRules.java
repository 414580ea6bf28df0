package io.manx.core;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the fields that stages have in the note ask of a pipeline: each has one writer, whoever reads it comes after, and
 * no packet reaches a reader that did not pass the writer. The note is the last packet's otherwise.
 */
final class FieldRules {
    static final FieldRules NONE = new FieldRules(new NoteFields(0, stage -> StageFields.NONE), List.of(), List.of());

    private final NoteFields fields;
    private final List<StageDescriptor> running;
    private final Collection<StageDescriptor> offered;

    /** @param offered all that somebody has installed, also what was refused */
    FieldRules(NoteFields fields, List<StageDescriptor> running, Collection<StageDescriptor> offered) {
        this.fields = fields;
        this.running = running;
        this.offered = offered;
    }

    /** Whether {@code writer} publishes a field as {@code reader} requires it, for every packet that it sees. */
    boolean serves(StageDescriptor writer, StageDescriptor reader, NoteField field) {
        return !writer.name().equals(reader.name())
                && writer.hook() == reader.hook()
                && fields.of(writer).publishes().contains(field)
                && writer.packets().cover(reader.packets());
    }

    /** Which of the fields that {@code reader} requires {@code writer} has for it. */
    List<NoteField> served(StageDescriptor writer, StageDescriptor reader) {
        return fields.of(reader).requires().stream().filter(field -> serves(writer, reader, field)).toList();
    }

    /** Names of the stages that {@code reader} must follow for the sake of its fields. */
    Set<String> writers(StageDescriptor reader, Collection<StageDescriptor> chosen) {
        return chosen.stream()
                .filter(writer -> !served(writer, reader).isEmpty())
                .map(StageDescriptor::name)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The first stage that must go from {@code chosen}, and why. */
    Optional<Map.Entry<StageDescriptor, String>> unmet(
            Collection<StageDescriptor> chosen, UnaryOperator<String> whyAbsent) {
        return chosen.stream()
                .flatMap(reader -> missing(reader, chosen, whyAbsent).stream().map(why -> Map.entry(reader, why)))
                .findFirst()
                .or(() -> second(chosen))
                .or(() -> tooMuch(chosen));
    }

    private Optional<String> missing(
            StageDescriptor reader, Collection<StageDescriptor> chosen, UnaryOperator<String> whyAbsent) {
        return fields.of(reader).requires().stream()
                .filter(field -> chosen.stream().noneMatch(writer -> serves(writer, reader, field)))
                .findFirst()
                .map(field -> reader.who() + " requires the note's field " + field.name() + " (" + field.typeText() + "), "
                        + whyMissing(reader, field, chosen, whyAbsent));
    }

    private String whyMissing(
            StageDescriptor reader,
            NoteField field,
            Collection<StageDescriptor> chosen,
            UnaryOperator<String> whyAbsent) {
        Optional<String> otherwise = publishers(field.name(), chosen)
                .filter(writer -> !writer.name().equals(reader.name()))
                .map(writer -> publishedOtherwise(writer, reader, field))
                .findFirst();
        return otherwise.or(() -> publishers(field.name(), offered)
                        .filter(writer -> writer.hook() == reader.hook())
                        .filter(writer -> chosen.stream().noneMatch(other -> other.name().equals(writer.name())))
                        .map(writer -> "which " + writer.who() + " publishes, and that one " + whyAbsent.apply(writer.name()))
                        .findFirst())
                .orElse("which no stage publishes");
    }

    private String publishedOtherwise(StageDescriptor writer, StageDescriptor reader, NoteField field) {
        NoteField published = fields.of(writer).published(field.name()).orElseThrow();
        if (published.equals(field)) {
            return "and sees " + reader.packets().whose() + "; " + writer.who() + " publishes it for "
                    + writer.packets().whose() + " only (packets=" + writer.packets().text()
                    + "), so on the others it would read what another packet has left";
        }
        boolean sameName = published.type().equals(field.type()) && published.size() == field.size();
        return "which " + writer.who() + " publishes as " + (sameName ? "one with other members" : published.typeText());
    }

    /** Of several publishers of one field, the one that runs stays, or its successor does; else the first by name. */
    private Optional<Map.Entry<StageDescriptor, String>> second(Collection<StageDescriptor> chosen) {
        Comparator<StageDescriptor> standing = Comparator.comparing(
                        (StageDescriptor stage) -> !running.contains(stage))
                .thenComparing(stage -> running.stream().noneMatch(other -> other.name().equals(stage.name())))
                .thenComparing(StageDescriptor::name);
        for (NoteField field : fields.published(chosen)) {
            List<StageDescriptor> all = publishers(field.name(), chosen).sorted(standing).toList();
            if (all.size() > 1) {
                return Optional.of(Map.entry(all.get(1), all.get(1).who() + " publishes the note's field " + field.name()
                        + ", as " + all.get(0).who() + " does already: one stage writes a field"));
            }
        }
        return Optional.empty();
    }

    private Optional<Map.Entry<StageDescriptor, String>> tooMuch(Collection<StageDescriptor> chosen) {
        Map<NoteField, Integer> places = fields.tryPlaces(chosen, running);
        for (StageDescriptor stage : chosen) {
            for (NoteField field : fields.of(stage).publishes()) {
                if (!places.containsKey(field)) {
                    return Optional.of(Map.entry(stage, stage.who() + " publishes the note's field " + field.name() + " ("
                            + field.typeText() + "), and of the " + fields.bytes() + " bytes for fields too few are free"
                            + owners(chosen, places)));
                }
            }
        }
        return Optional.empty();
    }

    private String owners(Collection<StageDescriptor> chosen, Map<NoteField, Integer> places) {
        List<String> owners = new ArrayList<>();
        for (StageDescriptor stage : chosen) {
            fields.of(stage).publishes().stream()
                    .filter(places::containsKey)
                    .forEach(field -> owners.add(field.size() + " are " + field.name() + " of " + stage.who()));
        }
        return owners.isEmpty() ? "" : ": " + String.join(", ", owners);
    }

    private Stream<StageDescriptor> publishers(String field, Collection<StageDescriptor> stages) {
        return stages.stream().filter(stage -> fields.of(stage).published(field).isPresent());
    }
}
