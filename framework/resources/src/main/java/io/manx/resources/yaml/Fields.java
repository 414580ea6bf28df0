package io.manx.resources.yaml;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;

/**
 * The fields of one mapping. Whatever a reader asks for becomes a known field; {@link #finish} reports the others, so
 * the reader's code is the only list of what a kind may hold. A field that holds nothing counts as left out.
 */
final class Fields {
    private final MappingNode node;
    private final String path;
    private final Problems problems;
    private final Map<String, NodeTuple> given = new LinkedHashMap<>();
    private final Set<String> known = new TreeSet<>();

    Fields(MappingNode node, String path, Problems problems) {
        this.node = node;
        this.path = path;
        this.problems = problems;
        for (NodeTuple tuple : node.getValue()) {
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                problems.add(tuple.getKeyNode(), where() + ": found a list or mapping, expected a field's name");
                continue;
            }
            NodeTuple first = given.putIfAbsent(key.getValue(), tuple);
            if (first != null) {
                int line = first.getKeyNode().getStartMark().getLine() + 1;
                problems.add(key, pathOf(key.getValue()) + ": given twice, first in line " + line);
            }
        }
    }

    Node node() {
        return node;
    }

    Optional<Value> value(String name) {
        known.add(name);
        return Optional.ofNullable(given.get(name))
                .map(tuple -> new Value(tuple.getValueNode(), pathOf(name), problems))
                .filter(value -> !value.isNull());
    }

    /** Likewise, and a field that is left out is reported. */
    Optional<Value> required(String name) {
        Optional<Value> value = value(name);
        if (value.isEmpty()) {
            problems.add(node, pathOf(name) + " is missing");
        }
        return value;
    }

    Optional<String> text(String name) {
        return value(name).flatMap(Value::text);
    }

    boolean flag(String name) {
        return value(name).flatMap(Value::flag).orElse(false);
    }

    Optional<Fields> fields(String name) {
        return value(name).flatMap(Value::fields);
    }

    /** Empty where the field is left out. */
    List<Value> elements(String name) {
        return value(name).map(Value::elements).orElse(List.of());
    }

    /** The elements that the parser understands, with those it refuses reported. */
    <T> List<T> elements(String name, String expected, Function<String, T> parser) {
        return elements(name).stream()
                .flatMap(element -> element.parsed(expected, parser).stream())
                .toList();
    }

    /** Labels: text by text. */
    Map<String, String> texts(String name) {
        Map<String, String> texts = new TreeMap<>();
        fields(name).ifPresent(inner -> inner.given.keySet()
                .forEach(key -> texts.put(key, inner.texty(key))));
        return texts;
    }

    private String texty(String key) {
        known.add(key);
        return new Value(given.get(key).getValueNode(), pathOf(key), problems).text().orElse("");
    }

    /** Fields that say nothing about what is allowed or where packets go, whatever they hold. */
    void harmless(String... names) {
        known.addAll(List.of(names));
    }

    /** Fields that would change what is allowed or where packets go, and that Manx doesn't act on. */
    void unsupported(String name, String why) {
        value(name).filter(value -> !value.isEmpty()).ifPresent(value -> refuse(name, value.path(), why));
    }

    /** A field that Manx supports only while it holds this, which is also what leaving it out means. */
    void only(String name, String harmless, String why) {
        value(name)
                .filter(value -> !(value.node() instanceof ScalarNode scalar
                        && (scalar.getValue().equals(harmless) || scalar.getValue().isEmpty())))
                .ifPresent(value -> refuse(name, value.path() + ": " + value.shown(), why));
    }

    private void refuse(String name, String what, String why) {
        problems.add(given.get(name).getKeyNode(), what + " is not supported by Manx: " + why);
    }

    /** Reports the fields nobody asked for. */
    void finish() {
        rest().forEach((name, key) -> problems.add(
                key,
                pathOf(name) + " is not a known field, expected "
                        + Nearest.to(name, known)
                                .map(near -> near + " (did you mean that?)")
                                .orElse("one of " + String.join(", ", known))));
    }

    /** Likewise, for a kind with many more fields than Manx knows. */
    void finishUnsupported(String why) {
        rest().forEach((name, key) -> problems.add(key, pathOf(name) + " is not supported by Manx: " + why));
    }

    /** By name, the keys of the fields nobody asked for; merge keys are reported, and left out. */
    private Map<String, Node> rest() {
        Map<String, Node> rest = new LinkedHashMap<>();
        given.forEach((name, tuple) -> {
            if (name.equals("<<")) {
                problems.add(
                        tuple.getKeyNode(), pathOf(name) + ": merge keys are not supported; write the fields out");
            } else if (!known.contains(name)) {
                rest.put(name, tuple.getKeyNode());
            }
        });
        return rest;
    }

    private String pathOf(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    private String where() {
        return path.isEmpty() ? "the document" : path;
    }
}
