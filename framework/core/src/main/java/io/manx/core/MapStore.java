package io.manx.core;

import io.manx.api.layout.Field;
import io.manx.api.layout.Layout;
import io.manx.libbpf.BpfMap;
import io.manx.libbpf.BpfObject;
import io.manx.libbpf.LoadOptions;
import io.manx.libbpf.MapSpec;
import io.manx.libbpf.ObjectSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
     * What an object's maps are to be: the ones that are there, in this process or pinned by an earlier run. Those that
     * are not there yet libbpf makes while it loads the object; {@link #keep} them then.
     *
     * @param ours maps that are not looked for here
     * @throws IllegalArgumentException there is one of another layout; the message says in what it differs
     */
    LoadOptions reuse(String bundle, ObjectSpec object, Map<String, BpfMap> ours) {
        LoadOptions options = new LoadOptions();
        ours.forEach(options::reuse);
        for (MapSpec spec : object.maps()) {
            if (!ours.containsKey(spec.name())) {
                find(nameOf(bundle, spec.name()), spec).ifPresent(map -> options.reuse(spec.name(), map));
            }
        }
        return options;
    }

    /** Pins and holds the maps that loading this object has made. */
    void keep(String bundle, BpfObject object, Set<String> except) {
        for (MapSpec spec : object.spec().maps()) {
            String name = nameOf(bundle, spec.name());
            if (!except.contains(spec.name()) && !maps.containsKey(name)) {
                BpfMap map = object.map(spec.name()).duplicate();
                try {
                    Files.createDirectories(folder);
                    map.pin(pin(name));
                } catch (IOException e) {
                    map.close();
                    throw new UncheckedIOException("making " + folder + " for the pin of map " + name, e);
                } catch (RuntimeException e) {
                    map.close();
                    throw e;
                }
                maps.put(name, new Held(spec, map));
            }
        }
    }

    private Optional<BpfMap> find(String name, MapSpec spec) {
        Held held = maps.get(name);
        if (held != null) {
            requireEqual(name, held.spec(), spec);
            return Optional.of(held.map());
        }
        if (!Files.exists(pin(name))) {
            return Optional.empty();
        }
        BpfMap found = BpfMap.open(pin(name));
        try {
            requireEqual(name, found.spec(), spec);
        } catch (IllegalArgumentException e) {
            found.close();
            throw e;
        }
        maps.put(name, new Held(spec, found));
        return Optional.of(found);
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

    private static void requireEqual(String name, MapSpec is, MapSpec wanted) {
        List<String> differences = new ArrayList<>();
        compare(differences, "type", is.type(), wanted.type());
        compare(differences, "key bytes", is.keySize(), wanted.keySize());
        compare(differences, "value bytes", is.valueSize(), wanted.valueSize());
        compare(differences, "entries", is.maxEntries(), wanted.maxEntries());
        compare(differences, "flags", is.flags(), wanted.flags());
        compareFields(differences, "key", is.keyLayout(), wanted.keyLayout());
        compareFields(differences, "value", is.valueLayout(), wanted.valueLayout());
        if (!differences.isEmpty()) {
            throw new IllegalArgumentException("map " + name + " has another layout than the one in use ("
                    + String.join("; ", differences)
                    + "), and the bundle has no migration: what the map holds would be lost");
        }
    }

    /** The first member that is not what it was. Asked at each load, and almost always equal: that must cost little. */
    private static void compareFields(List<String> differences, String what, Layout isLayout, Layout wantedLayout) {
        List<Field> is = isLayout.fields();
        List<Field> wanted = wantedLayout.fields();
        if (is.equals(wanted)) {
            return;
        }
        is.stream()
                .filter(field -> !wanted.contains(field))
                .findFirst()
                .ifPresent(field -> differences.add(what + " has no longer " + field.type() + " " + field.name()
                        + " at byte " + field.offset()));
        wanted.stream()
                .filter(field -> !is.contains(field))
                .findFirst()
                .ifPresent(field -> differences.add(what + " now has " + field.type() + " " + field.name()
                        + " at byte " + field.offset()));
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
