package io.manx.core;

import io.manx.api.stage.MapMigration;
import io.manx.libbpf.BpfMap;
import io.manx.libbpf.BpfObject;
import io.manx.libbpf.LoadOptions;
import io.manx.libbpf.MapSpec;
import io.manx.libbpf.ObjectSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * The maps that outlive programs: the framework's ({@code manx_*}), one for all, and each bundle's own. Each is pinned
 * from the moment it is made, so that a later run finds it with what it holds.
 */
final class MapStore implements AutoCloseable {
    private static final String FRAMEWORK = "manx_";
    private final PinRoot pins;
    private final Path folder;
    private final Migrations migrations;
    private final Map<String, Held> maps = new ConcurrentSkipListMap<>();

    private record Held(MapSpec spec, BpfMap map) {}

    /**
     * How an object is to be loaded, and what its loading leaves to do.
     *
     * @param migrating by name in C, maps that have another layout than the ones in use
     */
    record Plan(LoadOptions options, Map<String, MapMigration> migrating) {}

    MapStore(PinRoot pins, Steps steps) {
        this.pins = pins;
        this.folder = pins.maps();
        this.migrations = new Migrations(this, steps);
        HalfCopies.settle(pins);
        HalfPhases.settle(pins);
    }

    Migrations migrations() {
        return migrations;
    }

    /** A map's name among all: its own for the framework's, {@code BUNDLE/NAME} for a bundle's. */
    static String nameOf(String bundle, String map) {
        return isFrameworks(map) ? map : bundle + "/" + map;
    }

    static boolean isFrameworks(String name) {
        return name.startsWith(FRAMEWORK);
    }

    /**
     * What an object's maps are to be: the ones that are there, in this process or pinned by an earlier run. Those that
     * are not there yet libbpf makes while it loads the object; {@link #keep} them then.
     *
     * @param ours maps that are not looked for here
     * @throws IllegalArgumentException there is one of another layout, and no migration; the message says in what it
     *     differs
     */
    Plan plan(String bundle, ObjectSpec object, Map<String, BpfMap> ours, MigrationChoice choice) {
        LoadOptions options = new LoadOptions();
        Map<String, MapMigration> migrating = new HashMap<>();
        ours.forEach(options::reuse);
        for (MapSpec spec : object.maps()) {
            String name = nameOf(bundle, spec.name());
            Optional<BpfMap> fresh = migrations.fresh(name, spec);
            if (fresh.isPresent()) {
                options.reuse(spec.name(), fresh.get());
            } else if (!ours.containsKey(spec.name())) {
                find(name, spec, choice, migrating).ifPresent(map -> options.reuse(spec.name(), map));
            }
        }
        return new Plan(options, migrating);
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

    /**
     * Copies what is in use to the maps that loading this object has made because their layouts differ.
     *
     * @throws IllegalArgumentException a migration failed; the message says of which map, and how
     */
    void migrate(StageDescriptor stage, BpfObject object, Plan plan) {
        plan.migrating().forEach((map, how) -> {
            String name = nameOf(stage.bundle(), map);
            migrations.begin(name, stage, get(name), object.map(map), how);
        });
    }

    /** A migration is over: this is the map now. @return the one before */
    BpfMap replace(String name, MapSpec spec, BpfMap map) {
        return maps.put(name, new Held(spec, map)).map();
    }

    private Optional<BpfMap> find(
            String name, MapSpec spec, MigrationChoice choice, Map<String, MapMigration> migrating) {
        Held held = maps.get(name);
        if (held != null) {
            return fits(name, held.spec(), spec, choice, migrating) ? Optional.of(held.map()) : Optional.empty();
        }
        if (!Files.exists(pin(name))) {
            return Optional.empty();
        }
        BpfMap found = BpfMap.open(pin(name));
        try {
            boolean fits = fits(name, found.spec(), spec, choice, migrating);
            maps.put(name, new Held(fits ? spec : found.spec(), found));
            return fits ? Optional.of(found) : Optional.empty();
        } catch (IllegalArgumentException e) {
            found.close();
            throw e;
        }
    }

    /** @return false: it is to be migrated */
    private static boolean fits(
            String name, MapSpec is, MapSpec wanted, MigrationChoice choice, Map<String, MapMigration> migrating) {
        MapDifference difference = MapDifference.of(is, wanted);
        if (!difference.isNone()) {
            migrating.put(wanted.name(), choice.how(name, is, wanted, difference));
        }
        return difference.isNone();
    }

    /** The one of this layout, where a migration is on its way and there are two. */
    BpfMap get(String name, MapSpec spec) {
        return migrations.fresh(name, spec).orElseGet(() -> get(name));
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

    /** The new map's while it is migrated: {@code NAME~next}. */
    Path nextPin(String name) {
        Path pin = pin(name);
        return pin.resolveSibling(pin.getFileName() + HalfCopies.SUFFIX);
    }

    /** Lets go of bundles' maps that are not in {@code used}, and of old layouts: nothing needs them any more. */
    void retain(Set<String> used) {
        migrations.finish();
        for (String name : List.copyOf(maps.keySet())) {
            if (!isFrameworks(name) && !used.contains(name)) {
                maps.remove(name).map().close();
                unpin(pin(name));
            }
        }
    }

    /** Lets go of what an earlier run has left of bundles that are not among these: they are not there any more. */
    void forgetOthers(Set<String> bundles) {
        for (Path pin : MapsInForce.pinsIn(folder)) {
            String name = PinRoot.decode(pin.getFileName().toString());
            int end = name.indexOf('+');
            if (end > 0 && !bundles.contains(name.substring(0, end)) && !maps.containsKey(name.replace('+', '/'))) {
                unpin(pin);
            }
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
        if (migrations.close()) {
            HalfCopies.settle(pins);
        }
    }
}
