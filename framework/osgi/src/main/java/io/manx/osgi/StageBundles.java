package io.manx.osgi;

import io.manx.core.Engine;
import io.manx.core.StageDescriptor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.util.tracker.BundleTracker;
import org.osgi.util.tracker.BundleTrackerCustomizer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The extender: stages of active bundles are on offer.
 *
 * <p>An update stops a bundle, replaces it and starts it again, or fails to. Packets must not pass a stage less for that:
 * stages of a bundle that stops stay for a while, those of one whose content was replaced or whose wires are made anew (a
 * refresh) until a good successor is on offer, and those of a jar in the deploy folder that was overwritten with something else as long as the file is there.
 * Only an uninstall takes them out at once.
 */
final class StageBundles implements BundleTrackerCustomizer<List<StageDescriptor>>, SynchronousBundleListener {
    private static final Logger LOG = LoggerFactory.getLogger(StageBundles.class);
    private static final Duration AFTER_START = Duration.ofMillis(50);
    private static final Duration AFTER_STOP = Duration.ofMillis(700);
    private static final Duration AFTER_UNINSTALL = Duration.ofMillis(50);
    private static final int LOOK_MILLIS = 500;

    private final BundleContext context;
    private final Engine engine;
    private final Controls controls;
    private final BundleTracker<List<StageDescriptor>> tracker;
    private final Map<Long, String> wrong = new ConcurrentHashMap<>();
    private final Map<Long, List<StageDescriptor>> stopped = new ConcurrentHashMap<>();
    private final ScheduledExecutorService files =
            Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "manx-deploy"));
    private final Map<Path, List<StageDescriptor>> overwritten = new ConcurrentHashMap<>();

    StageBundles(BundleContext context, Engine engine, Controls controls) {
        this.context = context;
        this.engine = engine;
        this.controls = controls;
        this.tracker = new BundleTracker<>(context, Bundle.ACTIVE, this);
    }

    void open() {
        context.addBundleListener(this);
        tracker.open();
        files.scheduleWithFixedDelay(this::lookAfterFiles, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }

    void close() {
        files.shutdown();
        tracker.close();
        context.removeBundleListener(this);
    }

    /** The stages a bundle has on offer; empty where it is not active. */
    List<StageDescriptor> of(Bundle bundle) {
        List<StageDescriptor> stages = tracker.getObject(bundle);
        return stages == null ? List.of() : stages;
    }

    /** What is wrong with a bundle's capabilities; null where nothing is. */
    String wrongWith(Bundle bundle) {
        return wrong.get(bundle.getBundleId());
    }

    @Override
    public List<StageDescriptor> addingBundle(Bundle bundle, BundleEvent event) {
        if (!StageCapability.isIn(bundle)) {
            return null;
        }
        try {
            List<StageDescriptor> stages =
                    StageCapability.stages(bundle, stage -> controls.of(bundle.getBundleId(), stage));
            wrong.remove(bundle.getBundleId());
            stages.forEach(engine::offer);
            engine.cameBack(bundle.getBundleId());
            stopped.remove(bundle.getBundleId());
            engine.settleSoon(AFTER_START, "bundle " + bundle.getSymbolicName() + " started");
            return stages;
        } catch (IllegalArgumentException e) {
            LOG.error("{}; the pipeline is unchanged", e.getMessage());
            wrong.put(bundle.getBundleId(), e.getMessage());
            return null;
        }
    }

    @Override
    public void modifiedBundle(Bundle bundle, BundleEvent event, List<StageDescriptor> stages) {
        LOG.debug("bundle {} stays active", bundle);
    }

    @Override
    public void removedBundle(Bundle bundle, BundleEvent event, List<StageDescriptor> stages) {
        if (isStopping(context.getBundle(0))) {
            return;
        }
        stopped.put(bundle.getBundleId(), stages);
        stages.forEach(stage -> engine.leave(stage, Optional.of(AFTER_STOP)));
    }

    /** Called before the framework goes on. */
    @Override
    public void bundleChanged(BundleEvent event) {
        List<StageDescriptor> stages = stopped.getOrDefault(event.getBundle().getBundleId(), List.of());
        if (isStopping(context.getBundle(0)) || stages.isEmpty()) {
            return;
        }
        if (event.getType() == BundleEvent.UPDATED || event.getType() == BundleEvent.UNRESOLVED) {
            stages.forEach(stage -> engine.leave(stage, Optional.empty()));
        } else if (event.getType() == BundleEvent.UNINSTALLED) {
            stopped.remove(event.getBundle().getBundleId());
            uninstalled(event.getBundle(), stages);
        }
    }

    private void uninstalled(Bundle bundle, List<StageDescriptor> stages) {
        Optional<Path> jar = DeployFolder.jarOf(bundle).filter(Files::exists);
        if (jar.isPresent()) {
            LOG.error(
                    "{} is there and is no longer the bundle {}; its stages run on until a good one comes or the file goes",
                    jar.get(),
                    bundle.getSymbolicName());
            overwritten.put(jar.get(), stages);
            stages.forEach(stage -> engine.leave(stage, Optional.empty()));
        } else {
            stages.forEach(engine::withdraw);
            engine.settleSoon(AFTER_UNINSTALL, "bundle " + bundle.getSymbolicName() + " uninstalled");
        }
    }

    /** FileInstall tells nobody when a file that it could not install goes. */
    private void lookAfterFiles() {
        overwritten.forEach((jar, stages) -> {
            if (!Files.exists(jar)) {
                overwritten.remove(jar);
                stages.forEach(engine::withdraw);
                engine.settleSoon(AFTER_UNINSTALL, jar + " removed");
            }
        });
    }

    private static boolean isStopping(Bundle system) {
        return system.getState() == Bundle.STOPPING;
    }
}
