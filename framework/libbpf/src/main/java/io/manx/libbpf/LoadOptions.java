package io.manx.libbpf;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** How an object is to be loaded: {@code new LoadOptions().setting("manx_slot", 3).reuse("manx_note", note)}. */
public final class LoadOptions {
    private final Map<String, Long> settings = new LinkedHashMap<>();
    private final Map<String, BpfMap> reused = new LinkedHashMap<>();
    private final Map<String, Integer> entries = new LinkedHashMap<>();

    /** Sets a constant of .rodata, which is frozen once loaded. */
    public LoadOptions setting(String name, long value) {
        settings.put(name, value);
        return this;
    }

    /** Uses a map that is already in the kernel for the object's map of that name. The object then shares it. */
    public LoadOptions reuse(String mapName, BpfMap map) {
        reused.put(mapName, map);
        return this;
    }

    /** Gives a map another size than the object file says; a ring buffer's: bytes, a power of two times the page size. */
    public LoadOptions maxEntries(String mapName, int n) {
        entries.put(mapName, n);
        return this;
    }

    /** Whether loading the object makes none of the maps that it declares: it uses maps that are there. */
    public boolean reusesAllMaps(ObjectSpec object) {
        return object.maps().stream().allMatch(map -> reused.containsKey(map.name()));
    }

    /** With the same settings and sizes, and the very same maps. */
    @Override
    public boolean equals(Object other) {
        return other instanceof LoadOptions that
                && settings.equals(that.settings)
                && reused.equals(that.reused)
                && entries.equals(that.entries);
    }

    @Override
    public int hashCode() {
        return Objects.hash(settings, reused, entries);
    }

    Map<String, Long> settings() {
        return Collections.unmodifiableMap(settings);
    }

    Map<String, BpfMap> reused() {
        return Collections.unmodifiableMap(reused);
    }

    Map<String, Integer> entries() {
        return Collections.unmodifiableMap(entries);
    }
}
