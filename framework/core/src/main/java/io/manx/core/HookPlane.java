package io.manx.core;

import io.manx.api.network.Interface;
import io.manx.api.resource.Resources;
import io.manx.core.Pipeline.Loaded;
import io.manx.libbpf.Membarrier;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The data plane of one hook: its pipelines, and where they are attached. On tc every interface with an endpoint has it
 * attached, whatever it holds. On xdp a pipeline without stages costs nothing: nothing is attached where it has none.
 */
final class HookPlane {
    private final Hook hook;
    private final Composer composer;
    private final AttachPoints points;
    private final SlotTable slots;
    private final ArrayPins arrays;
    private Set<String> interfaces = Set.of();

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
        return composer.instances().stream().map(StageInstance::descriptor).toList();
    }

    /** Of the interfaces that have no pipeline of their own. */
    List<String> chainNames() {
        return composer.current().stream()
                .flatMap(composition -> composition.others().chain().stream())
                .map(Loaded::name)
                .toList();
    }

    /** As {@link Composer#compose}. */
    Optional<Composer.Done> compose(Wanted wanted, Resources resources) throws RefusedStageException {
        boolean nothing = wanted.isNothing() && composer.current().isEmpty() && !alwaysAttached();
        return nothing ? Optional.empty() : composer.compose(wanted, resources);
    }

    /**
     * Whether a composition may have changed on which interfaces this must be attached: {@link #follow} then.
     * On tc it never does.
     */
    boolean isMisplaced() {
        return !alwaysAttached() && (isUnused() || !toAttach().equals(points.wanted()));
    }

    /**
     * Attaches where an interface is wanted and there, lets go where it is not.
     *
     * @param there every interface, by name
     */
    void follow(Set<String> wanted, Map<String, Interface> there) {
        interfaces = Set.copyOf(wanted);
        points.want(toAttach());
        composer.current().ifPresent(composition -> points.follow(composition, there));
        if (isUnused()) {
            Membarrier.global();
            composer.dismantle();
        }
    }

    private boolean isUnused() {
        return !alwaysAttached() && composer.current().isPresent() && composer.loaded().isEmpty();
    }

    private Set<String> toAttach() {
        return alwaysAttached()
                ? interfaces
                : interfaces.stream().filter(this::hasStages).collect(Collectors.toSet());
    }

    private boolean hasStages(String interfaceName) {
        return composer.current()
                .filter(composition -> !composition.of(interfaceName).chain().isEmpty())
                .isPresent();
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
