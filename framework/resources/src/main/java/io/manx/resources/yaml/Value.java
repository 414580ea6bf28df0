package io.manx.resources.yaml;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * One value of a document and the way to it, {@code spec.ingress[0].protocol}. Every reading method reports a value
 * of the wrong type and then returns nothing, so that a reader goes on and finds the next mistake too.
 */
record Value(Node node, String path, Problems problems) {
    private static final Pattern INTEGER = Pattern.compile("0|-?[1-9][0-9]{0,17}");
    private static final Pattern NUMBER = Pattern.compile("-?[0-9]+(\\.[0-9]*)?([eE][-+]?[0-9]+)?|-?\\.[0-9]+");

    /** Text; numbers and truth values are not, unless quoted. */
    Optional<String> text() {
        if (node instanceof ScalarNode scalar && isText(scalar)) {
            return Optional.of(scalar.getValue());
        }
        String hint = node instanceof ScalarNode && !isNull() ? "; put it in quotes" : "";
        return refuse("text" + hint);
    }

    /** The characters of a scalar, whatever type YAML would give it: {@code 20:21} is no base 60 number to us. */
    Optional<String> literal(String expected) {
        return node instanceof ScalarNode scalar && !isNull() ? Optional.of(scalar.getValue()) : refuse(expected);
    }

    /** @param parser throws IllegalArgumentException with what is wrong with the text */
    <T> Optional<T> parsed(String expected, Function<String, T> parser) {
        return literal(expected).flatMap(text -> {
            try {
                return Optional.of(parser.apply(text));
            } catch (IllegalArgumentException e) {
                problem(e.getMessage());
                return Optional.empty();
            }
        });
    }

    Optional<Boolean> flag() {
        return node.getTag().equals(Tag.BOOL) && node instanceof ScalarNode scalar
                ? Optional.of(List.of("true", "yes", "on").contains(scalar.getValue().toLowerCase()))
                : refuse("true or false");
    }

    Optional<Integer> integer(int lowest, int highest, String what) {
        if (node.getTag().equals(Tag.INT) && node instanceof ScalarNode scalar) {
            String digits = scalar.getValue();
            if (INTEGER.matcher(digits).matches()) {
                long number = Long.parseLong(digits);
                if (number >= lowest && number <= highest) {
                    return Optional.of((int) number);
                }
            }
        }
        return refuse(what + " from " + lowest + " to " + highest);
    }

    Optional<Double> number() {
        boolean numeric = node.getTag().equals(Tag.INT) || node.getTag().equals(Tag.FLOAT);
        if (numeric && node instanceof ScalarNode scalar && NUMBER.matcher(scalar.getValue()).matches()) {
            return Optional.of(Double.valueOf(scalar.getValue()));
        }
        return refuse("a number");
    }

    Optional<Fields> fields() {
        return node instanceof MappingNode mapping
                ? Optional.of(new Fields(mapping, path, problems))
                : refuse("fields, each as \"name: value\"");
    }

    List<Value> elements() {
        List<Value> elements = new ArrayList<>();
        if (node instanceof SequenceNode sequence) {
            for (Node element : sequence.getValue()) {
                elements.add(new Value(element, path + "[" + elements.size() + "]", problems));
            }
        } else {
            refuse("a list");
        }
        return elements;
    }

    boolean isNull() {
        return node instanceof ScalarNode && node.getTag().equals(Tag.NULL);
    }

    /** Nothing, or an empty list, mapping or text: what a document says that leaves a field out. */
    boolean isEmpty() {
        if (node instanceof SequenceNode sequence) {
            return sequence.getValue().isEmpty();
        }
        if (node instanceof MappingNode mapping) {
            return mapping.getValue().isEmpty();
        }
        return isNull() || node instanceof ScalarNode scalar && scalar.getValue().isEmpty();
    }

    /** Reports {@code path: text} at this value's place. */
    void problem(String text) {
        problems.add(node, path + ": " + text);
    }

    <T> Optional<T> refuse(String expected) {
        problem("found " + shown() + ", expected " + expected);
        return Optional.empty();
    }

    String shown() {
        if (node instanceof SequenceNode) {
            return "a list";
        }
        if (node instanceof MappingNode) {
            return "fields";
        }
        if (isNull()) {
            return "nothing";
        }
        String characters = ((ScalarNode) node).getValue();
        String shortened = characters.length() > 80 ? characters.substring(0, 80) + "..." : characters;
        return isText((ScalarNode) node) ? "\"" + shortened + "\"" : shortened;
    }

    private static boolean isText(ScalarNode scalar) {
        Tag tag = scalar.getTag();
        boolean base60 = tag.equals(Tag.INT) && scalar.getValue().indexOf(':') >= 0;
        return base60 || !List.of(Tag.INT, Tag.FLOAT, Tag.BOOL, Tag.NULL).contains(tag);
    }
}
