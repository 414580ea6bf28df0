package io.manx.core;

import io.manx.api.network.Interface;
import io.manx.api.resource.Resources;
import io.manx.libbpf.Membarrier;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The data plane of one hook: its pipelines, and where they are attached. On tc every interface with an endpoint has it
 * attached, whatever it holds. On xdp a pipeline without stages costs nothing: nothing is attached where it has none.
 */
final class HookPlane {
    private final Hook hook;
    private final Routing routing;
    private final Composer composer;
    private final Root root;
    private final AttachPoints points;
    private final SlotTable slots;
    private final ArrayPins arrays;
    private Set<String> interfaces = Set.of();

    HookPlane(
            Hook hook,
            Routing routing,
            Composer composer,
            Root root,
            AttachPoints points,
            SlotTable slots,
            ArrayPins arrays) {
        this.hook = hook;
        this.routing = routing;
        this.composer = composer;
        this.root = root;
        this.points = points;
        this.slots = slots;
        this.arrays = arrays;
    }

    Hook hook() {
        return hook;
    }

    Routing routing() {
        return routing;
    }

    /** As {@link Routing#plan}. */
    Plan plan() {
        return routing.plan(running());
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

    /** Each stage that is loaded, once. */
    List<StageDescriptor> running() {
        return composer.instances().stream().map(StageInstance::descriptor).toList();
    }

    /** Of the interfaces that have no pipeline of their own. */
    List<String> chainNames() {
        return composer.current().map(composition -> composition.others().chainNames()).orElse(List.of());
    }

    /** Names of the maps of everything that is loaded, on all of these hooks. */
    static Set<String> mapsInUse(Collection<HookPlane> planes) {
        Set<String> used = new TreeSet<>();
        planes.forEach(plane -> used.addAll(plane.composer.mapsInUse()));
        return used;
    }

    /**
     * Makes ready what is planned, as {@link Composer#prepare}.
     *
     * @throws RefusedStageException one can't go in, or contradicts a resource
     */
    Optional<Composer.Change> prepare(
            Plan plan, Function<StageDescriptor, StageInstance> instances, Resources resources, Undo undo)
            throws RefusedStageException {
        Optional<RefusedStageException> contradiction = plan.refusal(running());
        if (contradiction.isPresent()) {
            throw contradiction.get();
        }
        Wanted wanted = plan.wanted(instances);
        boolean nothing = wanted.isNothing() && composer.current().isEmpty() && !alwaysAttached();
        return nothing ? Optional.empty() : composer.prepare(wanted, resources, undo);
    }

    /** Packets take it. */
    void taken(Plan plan) {
        routing.taken(plan);
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
        interfaces = withNamed(wanted);
        points.want(toAttach());
        composer.current().ifPresent(composition -> points.follow(composition, there));
        if (isUnused()) {
            Membarrier.global();
            composer.dismantle();
        }
    }

    /** Whether {@link #follow} would find an interface that is new. */
    boolean wouldAttach(Set<String> wanted, Map<String, Interface> there) {
        return points.wouldAttach(withNamed(wanted), there);
    }

    private Set<String> withNamed(Set<String> wanted) {
        Set<String> all = new TreeSet<>(wanted);
        all.addAll(routing.interfaces());
        return all;
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

    /** As {@link Composer#prepareTakeOver}. */
    void prepareTakeOver() {
        composer.prepareTakeOver(points.earlier());
    }

    /** To be called once the first composition is attached: what an earlier run has left, and nobody wants now, goes. */
    void removeStale() {
        points.removeStale();
        arrays.forgetEarlier();
        root.clearUnknown();
    }

    /** Packets go on through the pinned pipeline. */
    void release() {
        points.releaseAll();
        composer.release();
        root.close();
    }

    void dismantle() {
        points.detachAll();
        Membarrier.global();
        composer.dismantle();
        root.close();
    }

    private boolean alwaysAttached() {
        return hook == Hook.TC;
    }
}
