package io.manx.core;

import io.manx.api.stage.MapChange;
import io.manx.api.stage.MapMigration;
import io.manx.api.stage.StageControl;
import io.manx.libbpf.MapSpec;
import java.util.Optional;

/** How a stage takes over a map that has another layout than its object declares: as the stage's capability says. */
final class MigrationChoice {
    /** The same entries where there is room for more or for fewer. */
    private static final MapMigration SAME = (oldKey, oldValue, newKey, newValue) -> {
        newKey.put(0, oldKey, 0, oldKey.limit());
        newValue.put(0, oldValue, 0, oldValue.limit());
        return true;
    };

    /** For programs and events, which are not copied: the new map begins empty. */
    private static final MapMigration NOTHING = (oldKey, oldValue, newKey, newValue) -> false;

    /** Of the framework's own maps. */
    static final MigrationChoice NONE = new MigrationChoice(null, false, false);

    private final StageDescriptor stage;
    private final boolean asked;
    private final boolean stays;

    private MigrationChoice(StageDescriptor stage, boolean asked, boolean stays) {
        this.stage = stage;
        this.asked = asked;
        this.stays = stays;
    }

    static MigrationChoice of(StageDescriptor stage) {
        return new MigrationChoice(stage, true, false);
    }

    /** Without asking its control, which is not there before its bundle starts: it may refuse later. */
    static MigrationChoice unasked(StageDescriptor stage) {
        return new MigrationChoice(stage, false, false);
    }

    /** None, for a version on probation: the one before must find its maps as it left them. */
    static MigrationChoice onProbation(StageDescriptor stage) {
        return new MigrationChoice(stage, false, true);
    }

    /**
     * @param fixed whether programs use it that stay while stages change
     * @throws IllegalArgumentException there is none; the message says what is missing
     */
    MapMigration how(String name, MapSpec is, MapSpec wanted, MapDifference difference, boolean fixed) {
        String what = "map " + name + " has another layout than the one in use (" + difference + ")";
        if (stage == null || fixed) {
            throw new IllegalArgumentException(what + ", and is of Manx's entry programs, which has no migration: what it holds would be"
                    + " lost. To begin without it: manx clean");
        }
        if (!is.type().state() && !wanted.type().state()) {
            return NOTHING;
        }
        if (stays) {
            throw new IllegalArgumentException(what + ": from its probation the version before could not take the map back;"
                    + " update without --probation");
        }
        if (!is.type().state() || !wanted.type().state() || is.type().perCpu() != wanted.type().perCpu()) {
            throw new IllegalArgumentException(what + ", and " + kind(is) + " can't become " + kind(wanted));
        }
        if (difference.isInEntriesAlone()) {
            return SAME;
        }
        MapChange change = new MapChange(wanted.name(), shape(is), shape(wanted));
        return switch (stage.migrate()) {
            case NONE -> throw new IllegalArgumentException(what + ", and the bundle has no migration (its capability says"
                    + " no migrate=by-name or migrate=control): what the map holds would be lost");
            case BY_NAME -> byName(what, change);
            case CONTROL -> asked ? ofControl(what, change) : SAME;
        };
    }

    private static MapMigration byName(String what, MapChange change) {
        try {
            return MapMigration.byName(change);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(what + ", and can't be migrated " + e.getMessage(), e);
        }
    }

    private MapMigration ofControl(String what, MapChange change) {
        StageControl control = stage.control().get().orElseThrow(() -> new IllegalArgumentException(
                what + ", and the bundle's control, which would migrate it, has gone"));
        try {
            Optional<MapMigration> migration = control.migration(change);
            return migration.orElseThrow(() -> new IllegalArgumentException("it has no migration for this change"));
        } catch (Exception | LinkageError e) {
            throw new IllegalArgumentException(what + ", and the bundle's control said: " + Failure.why(e), e);
        }
    }

    private static MapChange.Shape shape(MapSpec spec) {
        return new MapChange.Shape(spec.keyLayout(), spec.valueLayout(), spec.maxEntries());
    }

    private static String kind(MapSpec spec) {
        return "one of type " + spec.type();
    }
}
