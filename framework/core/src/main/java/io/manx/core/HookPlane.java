package io.manx.core;

import io.manx.api.network.Interface;
import io.manx.api.resource.Resources;
import io.manx.core.Pipeline.Loaded;
import io.manx.libbpf.Membarrier;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The data plane of one hook: its pipeline, and where that is attached. On tc every interface with an endpoint has it
 * attached, whatever it holds. On xdp a pipeline without stages costs nothing: nothing is attached then, or loaded.
 */
final class HookPlane {
    private final Hook hook;
    private final Composer composer;
    private final AttachPoints points;
    private final SlotTable slots;
    private final ArrayPins arrays;

    HookPlane(Hook hook, Composer composer, AttachPoints points, SlotTable slots, ArrayPins arrays) {
        this.hook = hook;
        this.composer = composer;
        this.points = points;
        this.slots = slots;
        this.arrays = arrays;
    }

    Hook hook() {
        return hook;
    }

    Composer composer() {
        return composer;
    }

    AttachPoints points() {
        return points;
    }

    SlotTable slots() {
        return slots;
    }

    List<StageDescriptor> running() {
        return composer.loaded().stream().map(stage -> stage.instance().descriptor()).toList();
    }

    List<String> chainNames() {
        return composer.current().stream()
                .flatMap(pipeline -> pipeline.chain().stream())
                .map(Loaded::name)
                .toList();
    }

    /** As {@link Composer#compose}. */
    Optional<Composer.Done> compose(List<StageInstance> wanted, Resources resources) throws RefusedStageException {
        boolean nothing = wanted.isEmpty() && composer.current().isEmpty() && !alwaysAttached();
        return nothing ? Optional.empty() : composer.compose(wanted, resources);
    }

    /**
     * Whether a composition may have changed on which interfaces this must be attached: {@link #follow} then.
     * On tc it never does.
     */
    boolean isMisplaced() {
        return !alwaysAttached() && (composer.current().isPresent() && composer.loaded().isEmpty()
                || chainNames().isEmpty() == points.isWanted());
    }

    /**
     * Attaches where an interface is wanted and there, lets go where it is not.
     *
     * @param there every interface, by name
     */
    void follow(Set<String> interfaces, Map<String, Interface> there) {
        boolean attached = alwaysAttached() || !chainNames().isEmpty();
        points.want(attached ? interfaces : Set.of());
        composer.current().ifPresent(pipeline -> points.follow(pipeline, there));
        if (!alwaysAttached() && composer.current().isPresent() && composer.loaded().isEmpty()) {
            Membarrier.global();
            composer.dismantle();
        }
    }

    /** To be called once the first composition is attached: what an earlier run has left, and nobody wants now, goes. */
    void removeStale() {
        points.removeStale();
        arrays.forgetEarlier();
    }

    /** Packets go on through the pinned pipeline. */
    void release() {
        points.releaseAll();
        composer.release();
    }

    void dismantle() {
        points.detachAll();
        Membarrier.global();
        composer.dismantle();
    }

    private boolean alwaysAttached() {
        return hook == Hook.TC;
    }
}
