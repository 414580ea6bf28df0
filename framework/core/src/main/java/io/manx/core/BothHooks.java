package io.manx.core;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The hooks change one after the other. What a bundle brings for a later one is tried on the side before its stages go in
 * on an earlier one, so that a refused stage keeps those of its bundle out on every hook. Only a control is not asked: one
 * that fails once its stage is loaded does so after the earlier hook has changed.
 */
final class BothHooks {
    private final Collection<HookPlane> planes;

    /** @param planes in the order in which they change */
    BothHooks(Collection<HookPlane> planes) {
        this.planes = planes;
    }

    /** @param refuse is told of each stage that would be refused; the next plan must be without it */
    void keepWhole(Consumer<RefusedStageException> refuse) {
        for (Optional<RefusedStageException> found = find(); found.isPresent(); found = find()) {
            refuse.accept(found.get());
        }
    }

    private Optional<RefusedStageException> find() {
        List<StageDescriptor> earlier = new ArrayList<>();
        for (HookPlane plane : planes) {
            Plan plan = plane.plan();
            List<StageDescriptor> newcomers = plane.newcomers(plan);
            Optional<RefusedStageException> refusal = newcomers.stream()
                    .filter(stage -> earlier.stream().anyMatch(other -> WholeBundles.isMate(stage, other)))
                    .flatMap(stage -> refusal(plane, plan, stage).stream())
                    .findFirst();
            if (refusal.isPresent()) {
                return refusal;
            }
            earlier.addAll(newcomers);
        }
        return Optional.empty();
    }

    private static Optional<RefusedStageException> refusal(HookPlane plane, Plan plan, StageDescriptor stage) {
        return plan.refusal(plane.running()).or(() -> plane.composer().check(stage, false));
    }
}
