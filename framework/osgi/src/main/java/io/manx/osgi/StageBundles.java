package io.manx.osgi;

import io.manx.core.Engine;
import io.manx.core.StageDescriptor;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.util.tracker.BundleTracker;
import org.osgi.util.tracker.BundleTrackerCustomizer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The extender: stages of active bundles are on offer.
 *
 * <p>An update stops a bundle, replaces it and starts it again. Its stages must not leave the pipeline in between, so a
 * stop takes effect only after a while without further events, an uninstall soon.
 */
final class StageBundles implements BundleTrackerCustomizer<List<StageDescriptor>> {
    private static final Logger LOG = LoggerFactory.getLogger(StageBundles.class);
    private static final Duration AFTER_START = Duration.ofMillis(50);
    private static final Duration AFTER_STOP = Duration.ofMillis(700);
    private static final Duration AFTER_UNINSTALL = Duration.ofMillis(50);

    private final BundleContext context;
    private final Engine engine;
    private final Controls controls;
    private final BundleTracker<List<StageDescriptor>> tracker;
    private final Map<Long, String> wrong = new ConcurrentHashMap<>();

    StageBundles(BundleContext context, Engine engine, Controls controls) {
        this.context = context;
        this.engine = engine;
        this.controls = controls;
        this.tracker = new BundleTracker<>(context, Bundle.ACTIVE, this);
    }

    void open() {
        tracker.open();
    }

    void close() {
        tracker.close();
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
        stages.forEach(engine::withdraw);
        engine.settleSoon(AFTER_STOP, "bundle " + bundle.getSymbolicName() + " stopped");
    }

    /** After an uninstall nothing comes back: no need to wait long. */
    void uninstalled() {
        engine.settleSoon(AFTER_UNINSTALL, "a bundle was uninstalled");
    }

    private static boolean isStopping(Bundle system) {
        return system.getState() == Bundle.STOPPING;
    }
}
