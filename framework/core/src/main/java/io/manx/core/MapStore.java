package io.manx.core;

import io.manx.api.layout.Layout;
import io.manx.libbpf.BpfMap;
import io.manx.libbpf.MapSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The maps that outlive programs: the framework's ({@code manx_*}), one for all, and each bundle's own. Each is pinned
 * from the moment it is made, so that a later run finds it with what it holds.
 */
final class MapStore implements AutoCloseable {
    private static final String FRAMEWORK = "manx_";
    private final Path folder;
    private final Map<String, Held> maps = new LinkedHashMap<>();

    private record Held(MapSpec spec, BpfMap map) {}

    MapStore(Path folder) {
        this.folder = folder;
    }

    /** A map's name among all: its own for the framework's, {@code BUNDLE/NAME} for a bundle's. */
    static String nameOf(String bundle, String map) {
        return map.startsWith(FRAMEWORK) ? map : bundle + "/" + map;
    }

    /**
     * The map of this name, made or found pinned where it is not there yet.
     *
     * @throws IllegalArgumentException there is one of another layout; the message says in what it differs
     */
    BpfMap acquire(String bundle, MapSpec spec) {
        String name = nameOf(bundle, spec.name());
        Held held = maps.get(name);
        if (held == null) {
            held = new Held(spec, openOrCreate(name, spec));
            maps.put(name, held);
        } else {
            requireEqual(name, held.spec(), spec);
        }
        return held.map();
    }

    BpfMap get(String name) {
        Held held = maps.get(name);
        if (held == null) {
            throw new IllegalArgumentException("no map is called " + name + "; there are: " + String.join(", ", maps.keySet()));
        }
        return held.map();
    }

    Set<String> names() {
        return Set.copyOf(maps.keySet());
    }

    Path pin(String name) {
        return folder.resolve(PinRoot.encode(name.replace('/', '+')));
    }

    /** Lets go of bundles' maps that are not in {@code used}: nothing needs them any more. */
    void retain(Set<String> used) {
        for (String name : List.copyOf(maps.keySet())) {
            if (!name.startsWith(FRAMEWORK) && !used.contains(name)) {
                maps.remove(name).map().close();
                unpin(pin(name));
            }
        }
    }

    private BpfMap openOrCreate(String name, MapSpec spec) {
        Path pin = pin(name);
        if (Files.exists(pin)) {
            BpfMap found = BpfMap.open(pin);
            try {
                requireEqual(name, found.spec(), spec);
                return found;
            } catch (IllegalArgumentException e) {
                found.close();
                throw e;
            }
        }
        BpfMap made = BpfMap.create(spec);
        try {
            Files.createDirectories(folder);
            made.pin(pin);
            return made;
        } catch (IOException e) {
            made.close();
            throw new UncheckedIOException("making " + folder + " for the pin of map " + name, e);
        } catch (RuntimeException e) {
            made.close();
            throw e;
        }
    }

    private static void requireEqual(String name, MapSpec is, MapSpec wanted) {
        List<String> differences = new ArrayList<>();
        compare(differences, "type", is.type(), wanted.type());
        compare(differences, "key bytes", is.keySize(), wanted.keySize());
        compare(differences, "value bytes", is.valueSize(), wanted.valueSize());
        compare(differences, "entries", is.maxEntries(), wanted.maxEntries());
        compare(differences, "flags", is.flags(), wanted.flags());
        if (differences.isEmpty()) {
            compare(differences, "key fields", fields(is.keyLayout()), fields(wanted.keyLayout()));
            compare(differences, "value fields", fields(is.valueLayout()), fields(wanted.valueLayout()));
        }
        if (!differences.isEmpty()) {
            throw new IllegalArgumentException("map " + name + " has another layout than the one in use ("
                    + String.join("; ", differences)
                    + "), and the bundle has no migration: what the map holds would be lost");
        }
    }

    private static String fields(Layout layout) {
        return layout.fields().toString();
    }

    private static void compare(List<String> differences, String what, Object is, Object wanted) {
        if (!is.equals(wanted)) {
            differences.add(what + " " + is + ", now " + wanted);
        }
    }

    static void unpin(Path pin) {
        try {
            Files.deleteIfExists(pin);
        } catch (IOException e) {
            throw new UncheckedIOException("removing the pin " + pin, e);
        }
    }

    /** Closes what this process holds; pins stay. */
    @Override
    public void close() {
        maps.values().forEach(held -> held.map().close());
        maps.clear();
    }
}
