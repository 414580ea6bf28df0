package io.manx.osgi;

import io.manx.api.stage.StageControl;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.util.tracker.ServiceTracker;
import org.osgi.util.tracker.ServiceTrackerCustomizer;

/** The {@link StageControl} services there are, by the bundle that registered each and the stage it is for. */
final class Controls implements ServiceTrackerCustomizer<StageControl, StageControl> {
    private record Key(long bundleId, String stage) {}

    private final BundleContext context;
    private final Runnable changed;
    private final Map<Key, StageControl> controls = new ConcurrentHashMap<>();
    private final ServiceTracker<StageControl, StageControl> tracker;

    Controls(BundleContext context, Runnable changed) {
        this.context = context;
        this.changed = changed;
        this.tracker = new ServiceTracker<>(context, StageControl.class, this);
    }

    void open() {
        tracker.open();
    }

    void close() {
        tracker.close();
    }

    Optional<StageControl> of(long bundleId, String stage) {
        return Optional.ofNullable(controls.get(new Key(bundleId, stage)));
    }

    /** Waits until {@code there}, asked again at each change, or for this long. */
    synchronized void await(BooleanSupplier there, Duration longest) {
        long deadline = System.nanoTime() + longest.toNanos();
        while (!there.getAsBoolean()) {
            long left = (deadline - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                return;
            }
            try {
                wait(left);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    @Override
    public StageControl addingService(ServiceReference<StageControl> reference) {
        StageControl control = context.getService(reference);
        if (control != null) {
            synchronized (this) {
                controls.put(key(reference, control), control);
                notifyAll();
            }
            changed.run();
        }
        return control;
    }

    @Override
    public void modifiedService(ServiceReference<StageControl> reference, StageControl control) {
        changed.run();
    }

    @Override
    public void removedService(ServiceReference<StageControl> reference, StageControl control) {
        controls.values().remove(control);
        context.ungetService(reference);
    }

    private static Key key(ServiceReference<StageControl> reference, StageControl control) {
        Object named = reference.getProperty(StageControl.STAGE);
        return new Key(reference.getBundle().getBundleId(), named == null ? control.stage() : named.toString());
    }
}
