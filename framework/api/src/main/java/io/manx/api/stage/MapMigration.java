package io.manx.api.stage;

import java.nio.ByteBuffer;
import org.osgi.annotation.versioning.ConsumerType;

/** How an entry of a map's old layout becomes one of the new. */
@ConsumerType
@FunctionalInterface
public interface MapMigration {
    /**
     * Called for every entry while the old version runs, on the engine's thread, and again for what changed since: at
     * the same entry it must do the same. Buffers have exactly their layouts' sizes and native byte order; the new ones
     * hold zeros. Of a per-CPU map it is called once a CPU, each time with that CPU's value; an entry that is kept for
     * one CPU is kept. Different old entries must become different new ones, else one of them is lost.
     *
     * <p>What it throws before packets take the new version refuses the stage. What it throws after leaves that one
     * entry as the new version has it, and is logged.
     *
     * @return false: there is no such entry in the new map
     */
    boolean convert(ByteBuffer oldKey, ByteBuffer oldValue, ByteBuffer newKey, ByteBuffer newValue);

    /**
     * Takes each member to where the new layout has one of its name; members that are new are zero.
     *
     * @throws IllegalArgumentException a member has gone or is of another type: that would lose what it holds
     */
    static MapMigration byName(MapChange change) {
        return new ByName(change);
    }
}
