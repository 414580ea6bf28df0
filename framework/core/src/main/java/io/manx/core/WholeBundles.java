package io.manx.core;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Keeps the stages of one version of a bundle together: as long as one of them was refused or has to wait, those that do
 * not run yet stay out too. What runs already is left where it is.
 */
final class WholeBundles {
    private final Set<StageDescriptor> offered;
    private final Set<StageDescriptor> refused;

    WholeBundles(Set<StageDescriptor> offered, Set<StageDescriptor> refused) {
        this.offered = offered;
        this.refused = refused;
    }

    /**
     * A stage that must not go in without another of its bundle, and why.
     *
     * @param absent stages that have to wait
     */
    Optional<Map.Entry<StageDescriptor, String>> parted(
            Set<StageDescriptor> eligible, List<StageDescriptor> running, Set<StageDescriptor> absent) {
        for (StageDescriptor stage : eligible) {
            if (!running.contains(stage)) {
                Optional<StageDescriptor> missing = offered.stream()
                        .filter(mate -> isMate(stage, mate) && (refused.contains(mate) || absent.contains(mate)))
                        .findFirst();
                if (missing.isPresent()) {
                    return Optional.of(Map.entry(stage, "stage " + missing.get().name() + " of the same bundle "
                            + stage.bundle() + (refused.contains(missing.get()) ? " was refused" : " waits")));
                }
            }
        }
        return Optional.empty();
    }

    static boolean isMate(StageDescriptor stage, StageDescriptor other) {
        return stage != other && stage.bundleId() == other.bundleId() && stage.bundle().equals(other.bundle());
    }
}
