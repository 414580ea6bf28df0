package io.manx.osgi;

import io.manx.core.Engine;
import io.manx.core.StageDescriptor;
import io.manx.core.view.Deployment;
import io.manx.core.view.Probation;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.hooks.bundle.CollisionHook;
import org.osgi.framework.wiring.FrameworkWiring;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Installs, updates and removes stage bundles by command. Each is tried on the side first, so that what would be refused
 * never touches what runs.
 */
final class Deployer implements Deployment {
    private static final Logger LOG = LoggerFactory.getLogger(Deployer.class);
    private static final Duration CONTROL_COMES = Duration.ofSeconds(5);

    private final BundleContext context;
    private final Engine engine;
    private final StageBundles stages;
    private final Controls controls;
    private final DeployFolder deployFolder;
    private final WayBack wayBack;
    private final Installed memory;
    private final TrialCollisions trials = new TrialCollisions();

    /**
     * @param afterReturn to be called once an update on probation has failed and the version before runs again; gives what
     *     is to be said of it besides
     */
    Deployer(
            BundleContext context,
            Engine engine,
            StageBundles stages,
            Controls controls,
            DeployFolder deployFolder,
            KeptVersions kept,
            Installed memory,
            Supplier<Optional<String>> afterReturn) {
        this.context = context;
        this.engine = engine;
        this.stages = stages;
        this.controls = controls;
        this.deployFolder = deployFolder;
        context.registerService(CollisionHook.class, trials, null);
        this.wayBack = new WayBack(this, engine.probations(), kept, this::goBack, this::remember, afterReturn);
        this.memory = memory;
    }

    @Override
    public synchronized Change install(Path jar) throws RefusedException {
        JarFacts facts = JarFacts.read(jar);
        Optional<Bundle> same = installed(facts.symbolicName()).stream()
                .filter(bundle -> bundle.getVersion().equals(facts.version()))
                .findFirst();
        if (same.isPresent()) {
            throw new RefusedException("installing " + jar + ": bundle " + facts + " is installed already; to replace it: update " + jar);
        }
        return held(() -> {
            Bundle bundle = add(jar, Installed.location(facts), "installing " + jar);
            try {
                List<StageDescriptor> offered = start(jar, bundle);
                Optional<Engine.Settled> settled = engine.settle("install " + jar.getFileName());
                refuseIfRefused("installing " + jar, offered);
                memory.installed(bundle);
                return change(facts + " installed", settled);
            } catch (RefusedException | RuntimeException e) {
                uninstall(bundle);
                engine.settle("undoing install " + jar.getFileName());
                throw e;
            }
        });
    }

    @Override
    public synchronized Change update(Path jar) throws RefusedException {
        JarFacts facts = JarFacts.read(jar);
        Bundle old = toUpdate(jar, facts);
        return held(() -> {
            tryOnTheSide(jar, facts, false);
            Change change = replace(old, jar, "updating by " + jar, "update " + jar.getFileName());
            wayBack.close(old);
            memory.updated(old);
            return change;
        });
    }

    @Override
    public synchronized Change update(Path jar, Probation terms) throws RefusedException {
        JarFacts facts = JarFacts.read(jar);
        if (deployFolder.holds(jar)) {
            throw new RefusedException("updating by " + jar + " on probation: that is in the deploy folder, and what is there"
                    + " goes in by itself, without probation; keep it elsewhere");
        }
        Bundle old = toUpdate(jar, facts);
        return held(() -> {
            tryOnTheSide(jar, facts, true);
            wayBack.open(old);
            Change change;
            try {
                change = replace(old, jar, "updating by " + jar, "update " + jar.getFileName() + " on probation");
            } catch (RefusedException | RuntimeException e) {
                wayBack.abandon(old);
                throw e;
            }
            wayBack.watch(old, terms);
            Instant until = Instant.now().plus(terms.time()).truncatedTo(ChronoUnit.SECONDS);
            return change.and("on probation until " + until);
        });
    }

    private void goBack(Bundle bundle, Path kept, String why) throws RefusedException {
        held(() -> replace(bundle, kept, "going back", "its probation failed: " + why));
    }

    /** The deploy folder may have taken it away since. */
    private void remember(Bundle bundle) {
        if (bundle.getState() == Bundle.ACTIVE) {
            memory.updated(bundle);
        }
    }

    private Bundle toUpdate(Path jar, JarFacts facts) throws RefusedException {
        return installed(facts.symbolicName()).stream()
                .max(Comparator.comparing(Bundle::getVersion))
                .orElseThrow(() -> new RefusedException("updating by " + jar + ": no bundle " + facts.symbolicName()
                        + " is installed; to add it: install " + jar));
    }

    /** @param doing for what is refused; @param why for the record */
    private Change replace(Bundle bundle, Path jar, String doing, String why) throws RefusedException {
        String before = bundle.getVersion().toString();
        put(bundle, jar, doing);
        List<StageDescriptor> offered = start(jar, bundle);
        Optional<Engine.Settled> settled = engine.settle(why);
        refuseIfRefused(doing, offered);
        return change(bundle.getSymbolicName() + " " + before + " -> " + bundle.getVersion(), settled);
    }

    @Override
    public synchronized Change remove(String name) throws RefusedException {
        Bundle bundle = named(name);
        Set<StageDescriptor> going = new HashSet<>(stages.of(bundle));
        Optional<String> needed = engine.whyNeeded(going);
        if (needed.isPresent()) {
            throw new RefusedException("removing " + name + ": " + needed.get() + "; remove that first, or update instead");
        }
        String what = bundle.getSymbolicName() + " " + bundle.getVersion() + " removed";
        return held(() -> {
            memory.removed(bundle);
            String kept = setAside(bundle);
            uninstall(bundle);
            wayBack.close(bundle);
            return change(what + kept, engine.settle("remove " + name));
        });
    }

    /**
     * Does again what commands did in earlier runs, before the first pipeline is composed.
     *
     * @throws IllegalStateException a bundle can't be had again: packets would pass without its stages
     */
    synchronized void restore() {
        try {
            for (String name : memory.unwanted()) {
                installed(name).stream().filter(memory::comesWithManx).forEach(this::uninstall);
            }
            for (Path jar : memory.jars()) {
                restore(jar, JarFacts.read(jar));
            }
        } catch (RefusedException | IOException e) {
            throw new IllegalStateException(
                    "what was installed by command can't be had again: " + e.getMessage() + "; without that file Manx starts", e);
        }
    }

    private void restore(Path jar, JarFacts facts) throws RefusedException {
        Optional<Bundle> shipped =
                installed(facts.symbolicName()).stream().filter(memory::comesWithManx).findFirst();
        if (!memory.isInstead(jar, facts) || shipped.isEmpty()) {
            start(jar, add(jar, Installed.location(facts), "installing " + jar));
        } else if (facts.version().compareTo(shipped.get().getVersion()) < 0) {
            LOG.warn("{} is older than the bundle that comes with Manx now, {}, which runs", jar, JarFacts.of(shipped.get()));
        } else {
            put(shipped.get(), jar, "updating by " + jar);
            start(jar, shipped.get());
        }
    }

    // ---- steps

    private interface Work {
        Change run() throws RefusedException;
    }

    /** Bundle events meanwhile change nothing by themselves. */
    private Change held(Work work) throws RefusedException {
        engine.hold();
        try {
            return work.run();
        } finally {
            engine.release();
        }
    }

    private Bundle add(Path jar, String location, String doing) throws RefusedException {
        try (InputStream in = Files.newInputStream(jar)) {
            return context.installBundle(location, in);
        } catch (IOException | BundleException e) {
            throw new RefusedException(doing + ": " + reason(e), e);
        }
    }

    /** In place of what the bundle was. */
    private static void put(Bundle bundle, Path jar, String doing) throws RefusedException {
        try (InputStream in = Files.newInputStream(jar)) {
            bundle.update(in);
        } catch (IOException | BundleException e) {
            throw new RefusedException(doing + ": replacing bundle " + bundle.getSymbolicName() + ": " + reason(e), e);
        }
    }

    private List<StageDescriptor> start(Path jar, Bundle bundle) throws RefusedException {
        if (!StageCapability.isIn(bundle)) {
            throw new RefusedException(jar + ": bundle " + bundle.getSymbolicName() + " has no stage: its manifest has no"
                    + " Provide-Capability: manx.stage");
        }
        try {
            bundle.start();
        } catch (BundleException e) {
            throw new RefusedException(jar + ": starting bundle " + bundle.getSymbolicName() + ": " + reason(e), e);
        }
        if (stages.wrongWith(bundle) != null) {
            throw new RefusedException(jar + ": " + stages.wrongWith(bundle));
        }
        List<StageDescriptor> offered = stages.of(bundle);
        controls.await(
                () -> offered.stream().noneMatch(stage -> stage.needsControl() && stage.control().get().isEmpty()),
                CONTROL_COMES);
        return offered;
    }

    /** Installs the jar beside the old one, has its objects verified, and takes it away again. */
    private void tryOnTheSide(Path jar, JarFacts facts, boolean onProbation) throws RefusedException {
        Bundle trial = trials.install(() -> add(jar, "manx-trial:" + facts, "updating by " + jar));
        try {
            if (!StageCapability.isIn(trial)) {
                throw new RefusedException("updating by " + jar + ": bundle " + facts + " has no stage: its manifest has"
                        + " no Provide-Capability: manx.stage");
            }
            if (!context.getBundle(0).adapt(FrameworkWiring.class).resolveBundles(List.of(trial))) {
                throw new RefusedException("updating by " + jar + ": bundle " + facts + " does not resolve: " + unresolved(trial));
            }
            for (StageDescriptor stage : StageCapability.stages(trial, name -> Optional.empty())) {
                Optional<String> why = engine.check(stage, onProbation, "update " + jar.getFileName());
                if (why.isPresent()) {
                    throw new RefusedException("updating by " + jar + ": " + why.get());
                }
            }
        } catch (IllegalArgumentException e) {
            throw new RefusedException("updating by " + jar + ": " + e.getMessage(), e);
        } finally {
            uninstall(trial);
        }
    }

    /** The framework says why when it is asked to start the bundle, which it then can't. */
    private static String unresolved(Bundle bundle) {
        try {
            bundle.start(Bundle.START_TRANSIENT);
            return "it started only now; try again";
        } catch (BundleException e) {
            return reason(e);
        }
    }

    private void refuseIfRefused(String doing, List<StageDescriptor> offered) throws RefusedException {
        List<String> reasons = new ArrayList<>();
        offered.forEach(stage -> engine.refusal(stage).ifPresent(reasons::add));
        if (!reasons.isEmpty()) {
            throw new RefusedException(doing + ": " + String.join("; ", reasons));
        }
    }

    private void uninstall(Bundle bundle) {
        try {
            bundle.uninstall();
        } catch (BundleException | IllegalStateException e) {
            if (bundle.getState() == Bundle.UNINSTALLED) {
                return; /* By the deploy folder, which no longer has its jar. */
            }
            throw new IllegalStateException("uninstalling bundle " + bundle.getSymbolicName() + ": " + reason(e), e);
        }
    }

    /** A jar in the deploy folder would come back at the next start: it is renamed, not deleted. */
    private String setAside(Bundle bundle) throws RefusedException {
        Optional<Path> here = deployFolder.jarHere(bundle).filter(Files::exists);
        if (here.isEmpty()) {
            return "";
        }
        Path jar = here.get();
        Path aside = jar.resolveSibling(jar.getFileName() + ".removed");
        try {
            Files.move(jar, aside, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new RefusedException("removing " + bundle.getSymbolicName() + ": renaming " + jar + ": " + e.getMessage(), e);
        }
        return " (its jar is kept as " + aside + ")";
    }

    // ---- which bundle

    private List<Bundle> installed(String symbolicName) {
        return Arrays.stream(context.getBundles())
                .filter(bundle -> symbolicName.equals(bundle.getSymbolicName()))
                .toList();
    }

    private Bundle named(String name) throws RefusedException {
        List<Bundle> bundles = Arrays.stream(context.getBundles()).filter(StageCapability::isIn).toList();
        return bundles.stream()
                .filter(bundle -> name.equals(bundle.getSymbolicName()))
                .max(Comparator.comparing(Bundle::getVersion))
                .or(() -> bundles.stream()
                        .filter(bundle -> stages.of(bundle).stream().anyMatch(stage -> stage.name().equals(name)))
                        .max(Comparator.comparing(Bundle::getVersion)))
                .orElseThrow(() -> new RefusedException("removing " + name + ": no stage or bundle is called that; there are: "
                        + bundles.stream().map(Bundle::getSymbolicName).distinct().sorted().collect(Collectors.joining(", "))));
    }

    private Change change(String what, Optional<Engine.Settled> settled) {
        return settled.map(s -> new Change(what, s.generation(), s.prepareMillis(), s.switchMicros(), s.lost()))
                .orElseGet(() -> new Change(what + "; the path of packets is as it was" + waiting(), 0, 0, 0, 0));
    }

    private String waiting() {
        return engine.view().stages().stream()
                .filter(stage -> stage.state().equals("waiting"))
                .map(stage -> "; " + stage.name() + " " + stage.version() + " waits: " + stage.why())
                .collect(Collectors.joining());
    }

    private static String reason(Exception e) {
        return e.getCause() == null || e.getCause().getMessage() == null
                ? String.valueOf(e.getMessage())
                : e.getMessage() + " (" + e.getCause().getMessage() + ")";
    }
}
