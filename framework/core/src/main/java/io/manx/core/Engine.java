package io.manx.core;

import io.manx.api.network.KernelNetwork;
import io.manx.api.resource.Endpoint;
import io.manx.api.resource.Resources;
import io.manx.api.stage.StateMap;
import io.manx.core.Catalog.Choice;
import io.manx.core.Pipeline.Loaded;
import io.manx.core.view.DataPlane;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
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

    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "manx-engine"));
    private final Options options;
    private final PinRoot pins;
    private final KernelNetwork network;
    private final Catalog catalog = new Catalog();
    private final Map<StageDescriptor, StageInstance> instances = new LinkedHashMap<>();
    private final MapStore maps;
    private final Epoch epoch;
    private final Composer composer;
    private final AttachPoints points;
    private final Counters counters;
    private final Views views;
    private final StageInstance.Host host = new InstanceHost();
    private AutoCloseable networkWatch;
    private Resources resources = Resources.NONE;
    private int holds;
    private boolean started;

    public Engine(Options options, KernelNetwork network) {
        this.options = options;
        this.network = network;
        this.pins = PinRoot.of(options.state());
        this.maps = new MapStore(pins.maps());
        this.epoch = new Epoch(maps);
        EntryPrograms ends = new EntryPrograms(maps);
        ends.acquireMaps();
        Loader loader = new Loader(maps, new NoteContract(ends.spec().btf().struct("note")));
        int exitSlot = (int) ends.constant("SLOT_EXIT");
        SlotTable slots = new SlotTable(options.state().resolve("slots"), FIRST_SLOT, exitSlot - 1);
        this.composer = new Composer(ends, maps, loader, slots, pins.arrays(), epoch);
        this.points = new AttachPoints(new Attacher(ends, pins.links(), options.attach()), ends, network);
        this.counters = new Counters(
                maps.get("manx_ends"), ends.spec().btf().struct("ends"), (int) ends.constant("SLOTS"), exitSlot);
        Drops drops = new Drops(maps.get("manx_drops"), ends.spec().btf().enumeration("reason"));
        composer.observe(points, counters, drops);
        points.onAttach(point -> {
            counters.begin(point.row());
            drops.forget(count -> count.row() == point.row());
        });
        this.views = new Views(composer, points, counters, drops, slots, maps, catalog);
    }

    /** What is running; safe to ask from any thread. */
    public DataPlane view() {
        return new ThreadedDataPlane(views, this::call);
    }

    // ---- offers

    /** A stage can be had. Takes effect at the next {@link #settle}. */
    public void offer(StageDescriptor stage) {
        call(() -> {
            catalog.offer(stage);
            return null;
        });
    }

    /** A stage is gone, with its bundle. Takes effect at the next {@link #settle}. */
    public void withdraw(StageDescriptor stage) {
        call(() -> {
            catalog.withdraw(stage);
            return null;
        });
    }

    /** Until {@link #release} nothing changes in the kernel. */
    public void hold() {
        call(() -> ++holds);
    }

    public void release() {
        call(() -> --holds);
    }

    /** Settles after a while, unless held: for offers that come in a burst. */
    public void settleSoon(Duration quiet) {
        thread.schedule(guarded("following the stages on offer", this::settleIfFree), quiet.toMillis(), TimeUnit.MILLISECONDS);
    }

    /**
     * Makes the kernel follow the offers now.
     *
     * @return what changed; empty where nothing had to
     */
    public Optional<Settled> settle() {
        return call(this::doSettle);
    }

    /** Why one of {@code going} can't be taken out: something that runs must follow it. */
    public Optional<String> whyNeeded(Set<StageDescriptor> going) {
        return call(() -> catalog.whyNeeded(running(), going));
    }

    /** Why a stage was refused. */
    public Optional<String> refusal(StageDescriptor stage) {
        return call(() -> Optional.ofNullable(catalog.refused().get(stage)).map(Throwable::getMessage));
    }

    /** Has a stage's object verified and loaded on the side, and taken away again. @return why it would be refused */
    public Optional<String> check(StageDescriptor stage) {
        return call(() -> composer.check(stage));
    }

    /** A change that packets have felt. */
    public record Settled(int generation, double prepareMillis, double switchMicros, long lost, List<String> chain) {}

    private void settleIfFree() {
        if (holds == 0 && started) {
            doSettle();
        }
    }

    private Optional<Settled> doSettle() {
        while (true) {
            Choice choice = catalog.choose(Hook.TC, running());
            List<StageInstance> wanted = new ArrayList<>();
            choice.order().chain().forEach(stage -> wanted.add(instanceOf(stage)));
            try {
                Optional<Composer.Done> done = composer.compose(wanted, resources);
                instances.values().retainAll(wanted);
                done.ifPresent(this::log);
                return done.map(d -> new Settled(
                        d.generation(), d.prepareMillis(), d.switchMicros(), d.lost(), views.chainNames()));
            } catch (RefusedStageException e) {
                LOG.error("{}", e.getMessage());
                LOG.debug("refused", e);
                instances.remove(e.stage());
                catalog.refuse(e);
            }
        }
    }

    private void log(Composer.Done done) {
        LOG.info(
                "pipeline {}: {} (prepared in {} ms, switched in {} us)",
                done.generation(),
                String.join(" > ", views.chainNames()),
                String.format("%.1f", done.prepareMillis()),
                String.format("%.1f", done.switchMicros()));
    }

    private StageInstance instanceOf(StageDescriptor stage) {
        return instances.computeIfAbsent(
                stage, s -> new StageInstance(s, s.needsControl() ? s.control().get() : Optional.empty(), host));
    }

    private List<StageDescriptor> running() {
        return composer.current().stream()
                .flatMap(pipeline -> pipeline.stages().values().stream())
                .map(stage -> stage.instance().descriptor())
                .toList();
    }

    // ---- start and end

    /** Composes the first pipeline, attaches it, and follows the network from here on. */
    public void start() {
        call(() -> {
            started = true;
            doSettle();
            followInterfaces();
            points.removeStale();
            composer.forgetEarlierArrays();
            networkWatch = network.watch(() ->
                    thread.execute(guarded("following the interfaces", this::followInterfaces)));
            return null;
        });
    }

    /**
     * Ends this Manx.
     *
     * @param keep packets go on through the pinned pipeline; else every trace is removed
     */
    public void close(boolean keep) {
        closeWatch();
        call(() -> {
            if (keep) {
                points.releaseAll();
                composer.release();
                maps.close();
            } else {
                points.detachAll();
                composer.dismantle();
                maps.close();
                removePins();
            }
            return null;
        });
        thread.shutdown();
    }

    @Override
    public void close() {
        close(false);
    }

    private void closeWatch() {
        if (networkWatch != null) {
            try {
                networkWatch.close();
            } catch (Exception e) {
                LOG.warn("ending the watch on the kernel's interfaces: {}", e.getMessage(), e);
            }
        }
    }

    private void removePins() {
        if (!Files.isDirectory(pins.path())) {
            return;
        }
        try (Stream<Path> all = Files.walk(pins.path())) {
            for (Path path : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("removing the pins in " + pins.path(), e);
        }
    }

    // ---- resources and interfaces

    /**
     * Puts new resources in force: every stage accepts them, or all stay with the last good ones.
     *
     * @throws IllegalArgumentException a stage can't do what they ask; the message says which and why
     */
    public void resources(Resources next) {
        call(() -> {
            applyResources(next);
            if (started) {
                settleIfFree();
                followInterfaces();
            }
            return null;
        });
    }

    private void applyResources(Resources next) {
        List<StageInstance> told = new ArrayList<>();
        for (StageInstance instance : loadedInstances()) {
            told.add(instance);
            try {
                instance.resources(next);
            } catch (Exception e) {
                told.forEach(this::tellLastGood);
                throw new IllegalArgumentException(
                        "stage " + instance.descriptor() + ": " + e.getMessage() + "; the last good resources stay in force", e);
            }
        }
        resources = next;
    }

    private void tellLastGood(StageInstance instance) {
        try {
            instance.resources(resources);
        } catch (Exception e) {
            LOG.error("stage {} does not take the last good resources back: {}; restart Manx",
                    instance.descriptor(), e.getMessage(), e);
        }
    }

    private List<StageInstance> loadedInstances() {
        return composer.current().stream()
                .flatMap(pipeline -> pipeline.stages().values().stream())
                .map(Loaded::instance)
                .toList();
    }

    private void followInterfaces() {
        Set<String> wanted = new TreeSet<>(options.interfaces());
        Stream.<Endpoint>concat(resources.hostEndpoints().stream(), resources.workloadEndpoints().stream())
                .map(Endpoint::interfaceName)
                .forEach(wanted::add);
        points.want(wanted);
        composer.current().ifPresent(points::follow);
    }

    // ---- the thread

    private Runnable guarded(String doing, Runnable task) {
        return () -> {
            try {
                task.run();
            } catch (RuntimeException e) {
                LOG.error("{} failed, the pipeline is unchanged: {}", doing, e.getMessage(), e);
            }
        };
    }

    private <T> T call(Callable<T> task) {
        try {
            return thread.submit(task).get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for the engine", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            if (e.getCause() instanceof Error cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    private final class InstanceHost implements StageInstance.Host {
        @Override
        public void idleChanged() {
            settleSoon(Duration.ZERO);
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
        public StateMap map(String name) {
            return maps.get(name);
        }
    }
}
