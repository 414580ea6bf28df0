package io.manx.routes;

import io.manx.api.layout.Layout;
import io.manx.api.stage.StateMap;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/** A map in this process that keeps a log of what was done to it. */
final class MemoryMap implements StateMap {
    private final String name;
    private final int capacity;
    private final Layout key;
    private final Layout value;
    final Map<ByteBuffer, ByteBuffer> entries = new HashMap<>();
    final List<String> log = new ArrayList<>();
    boolean keepsAll;

    MemoryMap(String name, int capacity, Layout key, Layout value) {
        this.name = name;
        this.capacity = capacity;
        this.key = key;
        this.value = value;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public int capacity() {
        return capacity;
    }

    @Override
    public Layout key() {
        return key;
    }

    @Override
    public Layout value() {
        return value;
    }

    @Override
    public Optional<ByteBuffer> get(ByteBuffer of) {
        return Optional.ofNullable(entries.get(of));
    }

    @Override
    public void put(ByteBuffer at, ByteBuffer put) {
        log.add("put");
        entries.put(at, put);
        if (entries.size() > capacity) {
            throw new IllegalStateException("E2BIG: " + name + " holds " + capacity);
        }
    }

    @Override
    public void putAll(Map<ByteBuffer, ByteBuffer> all) {
        all.forEach(this::put);
    }

    @Override
    public boolean delete(ByteBuffer of) {
        log.add("delete");
        if (keepsAll) {
            throw new IllegalStateException("EBUSY: " + name);
        }
        return entries.remove(of) != null;
    }

    @Override
    public void forEach(BiConsumer<ByteBuffer, ByteBuffer> visitor) {
        Map.copyOf(entries).forEach(visitor);
    }
}
