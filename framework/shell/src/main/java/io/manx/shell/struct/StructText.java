package io.manx.shell.struct;

import io.manx.api.layout.Field;
import io.manx.api.layout.Layout;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A C struct as words a person reads and types: {@code source=10.0.0.1 source_port=443}. Addresses and byte arrays are
 * one word each, padding is left out, everything else goes down to the integers.
 */
public final class StructText {
    private final Layout layout;
    private final List<Field> shown = new ArrayList<>();

    public StructText(Layout layout) {
        this.layout = layout;
        String whole = null;
        for (Field field : layout.fields()) {
            if (whole != null && isPartOf(field, whole)) {
                continue;
            }
            whole = null;
            if (isPadding(field)) {
                whole = field.name();
            } else if (Form.isWhole(field, layout)) {
                whole = field.name();
                shown.add(field);
            } else if (!hasMembers(field)) {
                shown.add(field);
            }
        }
    }

    /** The members that are shown, in the order of their offsets. */
    public List<Field> shown() {
        return List.copyOf(shown);
    }

    /** Value by member: numbers as numbers, addresses and bytes as text. */
    public Map<String, Object> values(ByteBuffer struct) {
        Map<String, Object> values = new LinkedHashMap<>();
        shown.forEach(field -> values.put(field.name(), Form.of(field).read(field, struct)));
        return values;
    }

    /** {@code name=value} words; a plain integer is its value alone. */
    public String words(ByteBuffer struct) {
        if (isPlain()) {
            return String.valueOf(Form.of(shown.get(0)).read(shown.get(0), struct));
        }
        StringBuilder words = new StringBuilder();
        values(struct).forEach((name, value) ->
                words.append(words.isEmpty() ? "" : " ").append(name).append('=').append(value));
        return words.toString();
    }

    /** One member is all there is: its name may be left out. */
    boolean isPlain() {
        return shown.size() == 1;
    }

    Layout layout() {
        return layout;
    }

    private boolean hasMembers(Field field) {
        return layout.fields().stream().anyMatch(other -> other != field && isPartOf(other, field.name()));
    }

    private static boolean isPartOf(Field field, String whole) {
        return field.name().startsWith(whole + ".") || field.name().startsWith(whole + "[");
    }

    private static boolean isPadding(Field field) {
        String last = field.name().substring(field.name().lastIndexOf('.') + 1);
        return last.matches("_*pad\\w*(\\[\\d+])?");
    }
}
