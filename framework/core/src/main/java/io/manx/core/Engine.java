package io.manx.core;

import io.manx.api.network.Interface;
import io.manx.api.network.KernelNetwork;
import io.manx.api.resource.Endpoint;
import io.manx.api.resource.Resources;
import io.manx.api.stage.StateMap;
import io.manx.core.view.DataPlane;
import io.manx.libbpf.Cpus;
import io.manx.libbpf.MapSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The running Manx of one network namespace: takes offers of stages, resources and interfaces, and makes the kernel
 * follow. Everything that changes happens on one thread, one change after the other.
 */
public final class Engine implements AutoCloseable {
    /**
     * @param state a folder of this Manx's own
     * @param interfaces to attach to besides those that endpoints name
     */
    public record Options(Path state, AttachMode attach, Set<String> interfaces) {}

    private static final Logger LOG = LoggerFactory.getLogger(Engine.class);
    private static final int FIRST_SLOT = 1;
    private static final Duration LOOK_AFTER = Duration.ofSeconds(2);

    private final EngineThread thread = new EngineThread();
    private final Options options;
    private final PinRoot pins;
    private final boolean earlierRun;
    private final SharedWatch network;
    private final Steps steps;
    private final Catalog catalog;
    private final MapStore maps;
    private final Loader loader;
    private final Epoch epoch;
    private final Map<Hook, HookPlane> planes = new EnumMap<>(Hook.class);
    private final Transaction transaction;
    private final Changes changes;
    private final Probations probations;
    private final Views views;
    private SharedWatch.Follower follower;
    private Resources resources = Resources.NONE;
    private int holds;
    private boolean settleWanted;
    private boolean started;
    private boolean following;

    public Engine(Options options, KernelNetwork network) {
        this(options, network, Steps.NONE);
    }

    /** @param steps hears of each step of a change */
    Engine(Options options, KernelNetwork network, Steps steps) {
        this.steps = steps;
        this.options = options;
        this.network = new SharedWatch(network);
        this.pins = PinRoot.of(options.state());
        this.earlierRun = !LinkPin.in(pins.links()).isEmpty();
        this.maps = new MapStore(pins, steps);
        this.epoch = new Epoch(maps);
        EntryPrograms ends = new EntryPrograms(Hook.TC, maps);
        NoteContract.requireRoom(Cpus.possible(), (int) ends.constant("NOTE_CPUS"));
        ends.acquireMaps();
        Phase phase = new Phase(maps.get(Phase.MAP));
        int exitSlot = (int) ends.constant("SLOT_EXIT");
        Counters counters = new Counters(
                maps.get("manx_ends"), ends.spec().btf().struct("ends"), (int) ends.constant("SLOTS"), exitSlot);
        Drops drops = new Drops(maps.get("manx_drops"), ends.spec().btf().enumeration("reason"));
        NoteContract contract = new NoteContract(ends.spec().btf());
        this.catalog = new Catalog(new NoteFields(contract.extensionBytes()));
        this.loader = new Loader(maps, contract, catalog.fields(), steps);
        Rows rows = new Rows((int) ends.constant("ATTACH_POINTS"));
        planes.put(Hook.TC, plane(ends, phase, new TcFastener(options.attach()), rows, loader, counters, drops));
        EntryPrograms xdpEnds = new EntryPrograms(Hook.XDP, maps);
        planes.put(Hook.XDP, plane(xdpEnds, phase, new XdpFastener(), rows, loader, counters, drops));
        this.transaction = new Transaction(planes.values(), phase, maps, steps);
        Swaps swaps = new Swaps();
        this.changes = new Changes(planes, transaction, catalog, swaps, new InstanceHost());
        this.probations = new Probations(
                thread, new TallyReader(planes.values(), counters, drops, System::nanoTime), planes.values());
        this.views = new Views(planes.values(), counters, drops, maps, catalog, swaps, probations);
    }

    private HookPlane plane(
            EntryPrograms ends,
            Phase phase,
            Fastener fastener,
            Rows rows,
            Loader loader,
            Counters counters,
            Drops drops) {
        Hook hook = ends.hook();
        Path slotFile = options.state().resolve(hook == Hook.TC ? "slots" : "slots-" + hook.text());
        SlotTable slots = new SlotTable(slotFile, FIRST_SLOT, (int) ends.constant("SLOT_EXIT") - 1);
        ArrayPins arrays = new ArrayPins(pins.arrays(hook));
        Root root = ends.openRoot(pins, phase);
        Composer composer = new Composer(new Preparation.Tools(ends, loader, slots, steps), root, arrays, epoch);
        AttachPoints points = new AttachPoints(new Attacher(ends, root, fastener, pins.links(), rows), hook, network);
        points.onAttach(point -> {
            counters.begin(point.row());
            drops.forget(count -> count.row() == point.row());
        });
        composer.observe(points, counters, drops);
        return new HookPlane(hook, new Routing(hook, catalog), composer, root, points, slots, arrays);
    }

    /** What is running; safe to ask from any thread. */
    public DataPlane view() {
        return new ThreadedDataPlane(views, thread);
    }

    /** Updates that have yet to prove themselves. */
    public Probations probations() {
        return probations;
    }

    // ---- offers

    /** A stage can be had. Takes effect at the next {@link #settle}. */
    public void offer(StageDescriptor stage) {
        thread.run(() -> catalog.offer(stage));
    }

    /**
     * A stage's bundle has stopped. What runs stays in the pipeline until the bundle comes back, another takes its place,
     * or the time is over.
     *
     * @param longest empty: for as long as the bundle is installed
     */
    public void leave(StageDescriptor stage, Optional<Duration> longest) {
        thread.run(() -> {
            catalog.leave(stage, longest.map(time -> System.nanoTime() + time.toNanos()).orElse(Long.MAX_VALUE));
        });
        longest.ifPresent(time -> settleSoon(time.plusMillis(1), "bundle " + stage.bundle() + " stopped"));
    }

    /** A bundle that had stopped is active again, and has offered what it has now. */
    public void cameBack(long bundleId) {
        thread.run(() -> catalog.cameBack(bundleId));
    }

    /** A stage is gone, with its bundle. Takes effect at the next {@link #settle}. */
    public void withdraw(StageDescriptor stage) {
        thread.run(() -> catalog.withdraw(stage));
    }

    /** Until {@link #release} nothing changes in the kernel. */
    public void hold() {
        thread.call(() -> ++holds);
    }

    /** What was to change meanwhile does so now. */
    public void release() {
        thread.run(() -> {
            holds--;
            loader.forgetTried();
            if (settleWanted) {
                settleIfFree("after a held change");
            }
        });
    }

    /**
     * Settles after a while, unless held: for offers that come in a burst.
     *
     * @param why for the record: what asks for it
     */
    public void settleSoon(Duration quiet, String why) {
        thread.later(quiet, "following the stages on offer", () -> settleIfFree(why));
    }

    /**
     * Makes the kernel follow the offers now.
     *
     * @param why for the record: what asks for it
     * @return what changed; empty where nothing had to
     */
    public Optional<Settled> settle(String why) {
        return thread.call(() -> doSettle(why));
    }

    /** Why one of {@code going} can't be taken out: something that runs must follow it. */
    public Optional<String> whyNeeded(Set<StageDescriptor> going) {
        return thread.call(() -> catalog.whyNeeded(running(), going));
    }

    /** Why a stage was refused. */
    public Optional<String> refusal(StageDescriptor stage) {
        return thread.call(() -> Optional.ofNullable(catalog.refused().get(stage)).map(Throwable::getMessage));
    }

    /**
     * Has a stage's object verified and loaded on the side. The change that follows takes what was loaded, where it can;
     * else it is taken away again.
     *
     * @param onProbation its maps must have the layouts that they have
     * @param why for the record: what asks for it
     * @return why it would be refused
     */
    public Optional<String> check(StageDescriptor stage, boolean onProbation, String why) {
        return thread.call(() -> planes.get(stage.hook()).composer().check(stage, onProbation).map(e -> {
            catalog.keepLog(e);
            changes.recordRefusal(e, why);
            return e.getMessage();
        }));
    }

    /** A change of what packets go through; where it reached both hooks, losses are the sum. */
    public record Settled(int generation, double prepareMillis, double switchMicros, long lost, List<String> chain) {
        private static Settled of(Composer.Done done, List<String> chain) {
            return new Settled(done.generation(), done.prepareMillis(), done.switchMicros(), done.lost(), chain);
        }

        private Settled and(Settled earlier) {
            return new Settled(generation, prepareMillis, switchMicros, lost + earlier.lost, chain);
        }
    }

    private void settleIfFree(String why) {
        settleWanted = holds > 0;
        if (holds == 0 && started) {
            doSettle(why);
        }
    }

    private Optional<Settled> doSettle(String why) {
        Optional<Settled> all = Optional.empty();
        try {
            for (Map.Entry<HookPlane, Composer.Done> entry : changes.run(why, resources, started).entrySet()) {
                Settled settled = Settled.of(entry.getValue(), entry.getKey().chainNames());
                all = Optional.of(all.map(settled::and).orElse(settled));
            }
            if (started && !following && planes.values().stream().anyMatch(HookPlane::isMisplaced)) {
                followInterfaces();
            }
        } finally {
            loader.forgetTried();
            forgetUnused();
        }
        return all;
    }

    /**
     * What a stage has left that is gone, or that was refused once it was loaded. Before the start an earlier run may
     * still use it.
     */
    private void forgetUnused() {
        if (started) {
            catalog.forgetGone(running());
            changes.retain(loadedInstances());
            Set<String> used = HookPlane.mapsInUse(planes.values());
            used.addAll(probations.maps());
            maps.retain(used);
        }
    }

    private List<StageDescriptor> running() {
        return planes.values().stream().flatMap(plane -> plane.running().stream()).toList();
    }

    // ---- start and end

    /**
     * Composes the first pipeline, attaches it, and follows the network from here on.
     *
     * @param required stages that the pipeline must not lack
     * @param installed bundles, by symbolic name, whose maps of an earlier run stay, also of those that offer nothing yet
     * @throws IllegalStateException a required stage that is on offer can't run, or an interface that is there can't be
     *     attached to: packets would pass unseen. What an earlier run has left attached goes on as it was
     */
    public void start(Predicate<StageDescriptor> required, Set<String> installed) {
        thread.run(() -> {
            doSettle("start");
            requireAll(required);
            transaction.takeOver();
            followInterfaces();
            requireAttached();
            started = true;
            planes.values().forEach(HookPlane::removeStale);
            forgetUnused();
            maps.forgetOthers(catalog.bundlesAnd(installed));
            probations.open();
            /* The kernel tells nobody of a program that was taken off, nor of one that could be attached now. */
            thread.every(LOOK_AFTER, "looking after the attachments", this::followInterfaces);
            follower = network.watchFirst(() -> thread.now("following the interfaces", this::followInterfaces));
        });
    }

    /** With every stage on offer required, and no bundles but theirs. */
    public void start() {
        start(stage -> true, Set.of());
    }

    private void requireAll(Predicate<StageDescriptor> required) {
        List<String> reasons = new ArrayList<>();
        catalog.refused().forEach((stage, refusal) -> {
            if (isRequired(stage, required) || refusal.contradictsPipeline()) {
                reasons.add(refusal.getMessage());
            }
        });
        planes.values().forEach(plane -> plane.plan().choice().unready().forEach((stage, why) -> {
            if (isRequired(stage, required)) {
                reasons.add("stage " + stage + ": " + why);
            }
        }));
        if (!reasons.isEmpty()) {
            throw new IllegalStateException("the first pipeline would lack a stage: " + String.join("; ", reasons));
        }
    }

    /** Without one that stands for others packets meet the same. */
    private static boolean isRequired(StageDescriptor stage, Predicate<StageDescriptor> required) {
        return !stage.isStandIn() && required.test(stage);
    }

    private void requireAttached() {
        List<String> failures = planes.values().stream().flatMap(plane -> plane.points().failures().stream()).toList();
        if (!failures.isEmpty()) {
            throw new IllegalStateException(String.join("; ", failures));
        }
    }

    /**
     * Ends this Manx. One that never started must not tear down what an earlier run left: it only closes what it holds.
     *
     * @param keep packets go on through the pinned pipeline; else every trace is removed
     */
    public void close(boolean keep) {
        if (follower != null) {
            follower.close();
        }
        probations.close();
        /* Nothing looks after attachments any more whose maps are closed. */
        thread.last(() -> {
            loader.forgetTried();
            if (keep || !started && earlierRun) {
                planes.values().forEach(HookPlane::release);
                maps.close();
            } else {
                planes.values().forEach(HookPlane::dismantle);
                maps.close();
                pins.remove();
            }
        });
    }

    @Override
    public void close() {
        close(false);
    }

    // ---- resources and interfaces

    /**
     * Puts new resources in force: every stage accepts them, or all stay with the last good ones.
     *
     * @throws IllegalArgumentException a stage can't do what they ask, or they contradict one; the message says which and
     *     why
     */
    public void resources(Resources next) {
        thread.run(() -> {
            if (started) {
                planes.values().forEach(plane -> plane.routing().check(next.pipelines(), plane.running()));
            }
            Resources before = resources;
            apply(next);
            changes.takeEntriesRefused().ifPresent(refused -> {
                apply(before);
                changes.takeEntriesRefused();
                throw new IllegalArgumentException(refused.getMessage() + "; the last good resources stay in force");
            });
        });
    }

    private void apply(Resources next) {
        applyResources(next);
        planes.values().forEach(plane -> plane.routing().resources(next.pipelines()));
        catalog.reconsider();
        if (started) {
            settleIfFree("resources");
            followInterfaces();
        }
    }

    private void applyResources(Resources next) {
        List<StageInstance> told = new ArrayList<>();
        for (StageInstance instance : loadedInstances()) {
            told.add(instance);
            try {
                instance.resources(next);
            } catch (Exception | LinkageError e) {
                told.forEach(this::tellLastGood);
                throw new IllegalArgumentException(
                        "stage " + instance.descriptor() + ": " + Failure.why(e) + "; the last good resources stay in force", e);
            }
        }
        resources = next;
    }

    private void tellLastGood(StageInstance instance) {
        try {
            instance.resources(resources);
        } catch (Exception | LinkageError e) {
            LOG.error("stage {} does not take the last good resources back: {}; restart Manx",
                    instance.descriptor(), Failure.why(e), e);
        }
    }

    private List<StageInstance> loadedInstances() {
        return planes.values().stream()
                .flatMap(plane -> plane.composer().instances().stream())
                .toList();
    }

    private void followInterfaces() {
        Set<String> wanted = new TreeSet<>(options.interfaces());
        Stream.<Endpoint>concat(resources.hostEndpoints().stream(), resources.workloadEndpoints().stream())
                .map(Endpoint::interfaceName)
                .forEach(wanted::add);
        Map<String, Interface> there = new HashMap<>();
        network.interfaces().forEach(found -> there.put(found.name(), found));
        following = true;
        try {
            if (started && planes.get(Hook.TC).wouldAttach(wanted, there)) {
                tellOfNewInterfaces();
            }
        } finally {
            following = false;
        }
        planes.values().forEach(plane -> plane.follow(wanted, there));
    }

    /** Controls know interfaces by their index: they must know a new one before its first packet. */
    private void tellOfNewInterfaces() {
        try {
            applyResources(resources);
        } catch (IllegalArgumentException e) {
            LOG.error("{}", e.getMessage());
        }
        settleIfFree("a new interface");
    }

    private final class InstanceHost implements StageInstance.Host {
        @Override
        public void idleChanged() {
            settleSoon(Duration.ZERO, "a stage has work, or has none");
        }

        @Override
        public void rejudge() {
            epoch.raise();
        }

        @Override
        public KernelNetwork network() {
            return network;
        }

        @Override
        public StateMap map(String name, MapSpec spec) {
            return maps.get(name, spec);
        }
    }
}
