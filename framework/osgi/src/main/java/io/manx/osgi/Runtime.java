package io.manx.osgi;

import io.manx.api.resource.Resources;
import io.manx.core.Engine;
import io.manx.core.view.DataPlane;
import io.manx.core.view.Deployment;
import io.manx.libbpf.netlink.RtNetlink;
import io.manx.resources.DefaultResources;
import io.manx.resources.FolderSource;
import io.manx.resources.Problem;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The engine with everything that feeds it: bundles, controls, resources, the kernel's interfaces. */
final class Runtime implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Runtime.class);
    private static final String KEPT_VERSIONS = "before-probation";
    private static final Duration AFTER_CONTROL = Duration.ofMillis(50);

    private final BundleContext context;
    private final Settings settings;
    private final RtNetlink network;
    private final Engine engine;
    private final Controls controls;
    private final StageBundles stages;
    private final DeployFolder deploy;
    private final Deployer deployer;
    private final ResourceListener listener = new ResourceListener();
    private final Optional<FolderSource> source;

    Runtime(BundleContext context, Settings settings) {
        this.context = context;
        this.settings = settings;
        this.source = settings.config().map(folder -> new FolderSource(folder, listener));
        Resources first = source.map(FolderSource::load).orElseGet(DefaultResources::load);
        this.network = new RtNetlink();
        this.engine = new Engine(new Engine.Options(settings.state(), settings.attach(), settings.interfaces()), network);
        engine.resources(first);
        this.controls = new Controls(context, () -> engine().settleSoon(AFTER_CONTROL, "a control came or went"));
        this.stages = new StageBundles(context, engine, controls);
        this.deploy = new DeployFolder(settings.deploy());
        this.deployer = new Deployer(
                context,
                engine,
                stages,
                controls,
                deploy,
                new KeptVersions(settings.state().resolve(KEPT_VERSIONS)),
                new Installed(settings.state(), deploy),
                listener::tryAgain);
        controls.open();
        stages.open();
    }

    DataPlane dataPlane() {
        return engine.view();
    }

    Deployment deployment() {
        return deployer;
    }

    /** Composes, attaches, and follows from here on. A bad jar in the deploy folder is no reason not to. */
    void start() {
        deployer.restore();
        engine.start(stage -> deploy.jarHere(context.getBundle(stage.bundleId())).isEmpty(), installed());
        source.ifPresent(FolderSource::start);
    }

    /** Also those that are not active yet: their requirements or their start level come later. */
    private Set<String> installed() {
        return Stream.of(context.getBundles())
                .map(Bundle::getSymbolicName)
                .filter(Objects::nonNull)
                .collect(Collectors.toSet());
    }

    @Override
    public void close() {
        source.ifPresent(FolderSource::close);
        engine.close(settings.keep());
        stages.close();
        controls.close();
        network.close();
    }

    private Engine engine() {
        return engine;
    }

    private final class ResourceListener implements FolderSource.Listener {
        private Resources refused;

        @Override
        public synchronized void changed(Resources resources) {
            take(resources);
        }

        /** A stage's version that refused them has been replaced by the one before. @return why they still are refused */
        synchronized Optional<String> tryAgain() {
            return refused == null ? Optional.empty() : take(refused);
        }

        private Optional<String> take(Resources resources) {
            refused = resources;
            try {
                engine().resources(resources);
                refused = null;
                LOG.info("resources changed and in force");
                return Optional.empty();
            } catch (IllegalArgumentException e) {
                LOG.error("resources refused: {}", e.getMessage());
                return Optional.of("the resources are refused now, too: " + e.getMessage());
            }
        }

        @Override
        public void refused(List<Problem> problems) {
            LOG.debug("{} problems; the last good resources stay in force", problems.size());
        }
    }
}
