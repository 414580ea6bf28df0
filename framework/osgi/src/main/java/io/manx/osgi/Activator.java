package io.manx.osgi;

import io.manx.core.view.DataPlane;
import io.manx.core.view.Deployment;
import io.manx.core.view.Ready;
import org.apache.felix.fileinstall.ArtifactInstaller;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.FrameworkListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts the engine once every bundle of the framework has had its turn, so that the first pipeline is whole; ends it
 * with this bundle, or with the framework before any stage bundle stops.
 */
public final class Activator implements BundleActivator {
    private static final Logger LOG = LoggerFactory.getLogger(Activator.class);
    private Runtime runtime;
    private BundleContext context;

    @Override
    public void start(BundleContext bundleContext) {
        context = bundleContext;
        runtime = new Runtime(context, Settings.of(context));
        context.registerService(DataPlane.class, runtime.dataPlane(), null);
        context.registerService(Deployment.class, runtime.deployment(), null);
        registerArtifacts();
        if (context.getBundle(0).getState() == Bundle.ACTIVE) {
            begin();
        } else {
            context.addFrameworkListener((FrameworkListener) this::frameworkChanged);
        }
    }

    @Override
    public void stop(BundleContext bundleContext) {
        runtime.close();
    }

    private void begin() {
        try {
            runtime.start();
            context.registerService(Ready.class, new Ready() {}, null);
        } catch (RuntimeException e) {
            LOG.error("Manx does not start: {}", e.getMessage());
            LOG.debug("starting failed", e);
            end();
        }
    }

    /** Nothing is attached: the framework ends, and the launcher sees that it was never ready. */
    private void end() {
        try {
            context.getBundle(0).stop();
        } catch (BundleException e) {
            LOG.error("stopping the framework: {}", e.getMessage(), e);
        }
    }

    private void frameworkChanged(FrameworkEvent event) {
        if (event.getType() == FrameworkEvent.STARTED) {
            begin();
        }
    }

    /** FileInstall is no requirement: without it there is no deploy folder. */
    private void registerArtifacts() {
        try {
            context.registerService(ArtifactInstaller.class, new RefusedArtifacts(), null);
        } catch (NoClassDefFoundError e) {
            LOG.info("no FileInstall here, so no deploy folder: {}", e.getMessage());
        }
    }
}
