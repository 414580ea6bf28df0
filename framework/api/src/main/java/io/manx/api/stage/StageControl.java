package io.manx.api.stage;

import io.manx.api.resource.Resources;
import java.util.Map;
import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * The Java side of a stage, where it needs any: an OSGi service (or a ServiceLoader provider) that names its stage.
 *
 * <p>All calls of one control come one after the other, on the engine's thread. A call that fails before
 * {@link #resources} has returned for the first time refuses the stage; the pipeline then stays as it was.
 */
@ConsumerType
public interface StageControl {
    /** Service property that names the stage, as the {@code manx.stage} capability does. */
    String STAGE = "manx.stage";

    /** The stage's name, as its capability {@code manx.stage} gives it. */
    String stage();

    /**
     * The program is verified and loaded, and no packet reaches it yet. Maps may hold what an earlier version of
     * the stage left there, and that version may still be running on them.
     *
     * @throws Exception the stage is refused, with this message
     */
    void loaded(StageContext context) throws Exception;

    /**
     * Asked before {@link #loaded} where an earlier version of the stage left a map in another layout, if the stage's
     * capability says {@code migrate=control}. A map that differs in its number of entries alone is not asked about.
     *
     * @return how its entries are taken over; empty: this version can't, and is refused
     * @throws Exception the stage is refused, with this message
     */
    default Optional<MapMigration> migration(MapChange change) throws Exception {
        return Optional.empty();
    }

    /**
     * What the user wants now. Called once after {@link #loaded} and before any packet, then at each change. Must
     * leave the maps wholly as they were or wholly as the resources ask.
     *
     * @throws Exception the resources are refused with this message, and the last good ones stay in force
     */
    default void resources(Resources resources) throws Exception {}

    /**
     * How many entries maps of the stage's object are to have, by their names in C, where that is not what the object
     * declares. Asked before {@link #loaded} and at each change of the resources, after {@link #resources}; where the answer
     * differs from the one before, every stage that uses such a map is loaded anew with a larger or smaller one, what it
     * holds is taken over, and packets take all of that by one switch. Where it does not fit, the resources are refused.
     */
    default Map<String, Integer> mapEntries(Resources resources) {
        return Map.of();
    }

    /** No packet can reach the program any more. The context is of no use after this call. */
    default void unloaded() {}
}
