package io.manx.shell.struct;

import io.manx.api.stage.StateMap;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A map's entries as text and as JSON: {@code KEY : VALUE}; a per-CPU map has one such line for each CPU. */
public final class EntryText {
    private static final int PER_CPU_ALIGNMENT = 8;

    private final StructText key;
    private final StructText value;
    private final int valueBytes;

    public EntryText(StateMap map) {
        key = new StructText(map.key());
        value = new StructText(map.value());
        valueBytes = map.value().size();
    }

    public List<String> lines(Entry entry) {
        List<ByteBuffer> values = values(entry);
        List<String> lines = new ArrayList<>(values.size());
        for (int cpu = 0; cpu < values.size(); cpu++) {
            String on = values.size() == 1 ? "" : " (cpu " + cpu + ")";
            lines.add(key.words(entry.key()) + on + " : " + value.words(values.get(cpu)));
        }
        return lines;
    }

    /** {@code {key: {...}, value: {...}}}, of a per-CPU map {@code {key: {...}, values: [{...}, ...]}}. */
    public Map<String, Object> json(Entry entry) {
        List<Map<String, Object>> values = values(entry).stream().map(value::values).toList();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("key", key.values(entry.key()));
        if (values.size() == 1) {
            json.put("value", values.get(0));
        } else {
            json.put("values", values);
        }
        return json;
    }

    /** One value, or one for each possible CPU. */
    List<ByteBuffer> values(Entry entry) {
        int stride = (valueBytes + PER_CPU_ALIGNMENT - 1) / PER_CPU_ALIGNMENT * PER_CPU_ALIGNMENT;
        ByteBuffer all = entry.value();
        List<ByteBuffer> values = new ArrayList<>();
        for (int at = 0; at + valueBytes <= all.limit(); at += stride) {
            values.add(all.slice(at, valueBytes).order(ByteOrder.nativeOrder()));
        }
        return values;
    }

    /** Changes the members that are given, on every CPU. */
    public void change(Entry entry, List<String> words) {
        StructWords typed = new StructWords(value);
        values(entry).forEach(one -> typed.change(one, words));
    }
}
