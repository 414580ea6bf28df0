package io.manx.api.layout;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A C struct (or a plain integer, whose one field is called {@code value}): its size and its members. */
public final class Layout {
    private final String name;
    private final int size;
    private final Map<String, Field> fields = new LinkedHashMap<>();

    /**
     * @param name the struct's tag or the integer's type
     * @param size bytes, with padding
     * @param fields members down to the integers, in the order of their offsets; members that are structs or arrays come
     *     before their own members
     */
    public Layout(String name, int size, List<Field> fields) {
        this.name = name;
        this.size = size;
        fields.forEach(field -> this.fields.put(field.name(), field));
    }

    public String name() {
        return name;
    }

    /** Bytes. */
    public int size() {
        return size;
    }

    public List<Field> fields() {
        return List.copyOf(fields.values());
    }

    public boolean has(String path) {
        return fields.containsKey(path);
    }

    /** @param path as in C: {@code leg[1].route.mtu}. @throws IllegalArgumentException there is none */
    public Field field(String path) {
        Field field = fields.get(path);
        if (field == null) {
            throw new IllegalArgumentException("struct " + name + " has no member " + path);
        }
        return field;
    }

    /** Zeros of this size, in native byte order. */
    public ByteBuffer allocate() {
        return ByteBuffer.allocate(size).order(ByteOrder.nativeOrder());
    }

    @Override
    public String toString() {
        return "struct " + name + " (" + size + " bytes)";
    }
}
