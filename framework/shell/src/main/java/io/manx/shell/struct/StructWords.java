package io.manx.shell.struct;

import io.manx.api.layout.Field;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

/** Reads what a person typed for a struct: {@code member=value} words, one plain value, or the whole in hex. */
public final class StructWords {
    private final StructText text;

    public StructWords(StructText text) {
        this.text = text;
    }

    /** A key: every member must be given. @throws IllegalArgumentException with what is missing or wrong */
    public ByteBuffer whole(List<String> words) {
        ByteBuffer struct = text.layout().allocate();
        List<String> missing = new ArrayList<>(
                text.shown().stream().map(Field::name).toList());
        if (!isRaw(words, struct)) {
            words.forEach(word -> missing.remove(assign(struct, word).name()));
            if (!missing.isEmpty()) {
                throw new IllegalArgumentException(text.layout() + " lacks " + example(missing));
            }
        }
        return struct;
    }

    /** Changes the members that are given and leaves the others as they are. */
    public void change(ByteBuffer struct, List<String> words) {
        if (words.isEmpty()) {
            throw new IllegalArgumentException("no value is given for " + text.layout() + ": "
                    + example(text.shown().stream().map(Field::name).toList()));
        }
        if (!isRaw(words, struct)) {
            words.forEach(word -> assign(struct, word));
        }
    }

    /** The struct's bytes in the order of memory. */
    private boolean isRaw(List<String> words, ByteBuffer struct) {
        int digits = 2 * text.layout().size();
        if (text.isPlain() || words.size() != 1 || !words.get(0).matches("0x[0-9a-fA-F]{" + digits + "}")) {
            return false;
        }
        struct.put(0, HexFormat.of().parseHex(words.get(0).substring(2)));
        return true;
    }

    private Field assign(ByteBuffer struct, String word) {
        int equals = word.indexOf('=');
        Field field = equals < 0 ? plain(word) : member(word.substring(0, equals));
        String value = word.substring(equals + 1);
        Form form = Form.of(field);
        try {
            form.write(field, struct, value);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    field.name() + " (" + field.type() + ") cannot be " + value + ": expected " + form.expected()
                            + " of " + field.size() + " bytes",
                    e);
        }
        return field;
    }

    private Field plain(String word) {
        if (!text.isPlain()) {
            throw new IllegalArgumentException(word + " names no member of " + text.layout() + ": expected "
                    + example(text.shown().stream().map(Field::name).toList()) + " or 0x and "
                    + 2 * text.layout().size() + " digits");
        }
        return text.shown().get(0);
    }

    private Field member(String name) {
        return text.shown().stream()
                .filter(field -> field.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(text.layout() + " has no member " + name
                        + "; it has "
                        + text.shown().stream().map(Field::name).collect(Collectors.joining(", "))));
    }

    private static String example(List<String> members) {
        return members.stream().map(member -> member + "=...").collect(Collectors.joining(" "));
    }
}
