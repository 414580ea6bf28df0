package io.manx.dist;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.osgi.framework.AllServiceListener;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.ServiceEvent;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.framework.wiring.BundleWiring;

/** The OSGi framework with the bundles of Manx, from its start to its end. */
final class Container {
    private static final String READY = "io.manx.core.view.Ready";

    private final Map<String, String> properties;
    private final PrintStream out = System.out;
    private volatile int status;
    private volatile boolean ending;

    /** Held to the end: classes whose loader has gone with its bundle are not in the archive that a first run writes. */
    private volatile List<ClassLoader> loaders = List.of();

    Container(Map<String, String> properties) {
        this.properties = properties;
    }

    /** Until Ctrl-C or SIGTERM. Standard output is for the line {@code ready} alone. @throws Refusal a bundle did not start */
    void run() throws Refusal, IOException, BundleException, InterruptedException {
        System.setOut(System.err);
        List<Path> levels = levels();
        properties.put(Constants.FRAMEWORK_BEGINNING_STARTLEVEL, levels.get(levels.size() - 1).getFileName().toString());
        Framework framework = ServiceLoader.load(FrameworkFactory.class)
                .findFirst()
                .orElseThrow(() -> new Refusal("no OSGi framework on the class path: build Manx again"))
                .newFramework(properties);
        framework.init();
        Thread end = new Thread(() -> end(framework), "manx-end");
        Runtime.getRuntime().addShutdownHook(end);
        try {
            announceReady(framework.getBundleContext());
            Set<Bundle> started = follow(framework.getBundleContext());
            List<Bundle> bundles = install(framework.getBundleContext(), levels);
            framework.start();
            checkStarted(bundles, started);
        } catch (Refusal | BundleException | IOException e) {
            status = 1;
            throw e;
        }
        framework.waitForStop(0);
        if (!ending) {
            status = 1;
            throw new Refusal("Manx has ended by itself; the reasons are above");
        }
    }

    /** Folders of bundles, named by their start level. */
    private static List<Path> levels() throws IOException {
        try (Stream<Path> folders = Files.list(Places.home().resolve("bundles"))) {
            return folders.sorted().toList();
        }
    }

    private static List<Bundle> install(BundleContext context, List<Path> levels) throws IOException, Refusal {
        List<Bundle> bundles = new ArrayList<>();
        for (Path level : levels) {
            try (Stream<Path> jars = Files.list(level)) {
                for (Path jar : jars.sorted().toList()) {
                    bundles.add(install(context, jar, Integer.parseInt(level.getFileName().toString())));
                }
            }
        }
        return bundles;
    }

    private static Bundle install(BundleContext context, Path jar, int level) throws Refusal {
        try {
            Bundle bundle = context.installBundle("reference:" + jar.toUri());
            bundle.adapt(BundleStartLevel.class).setStartLevel(level);
            if (!isFragment(bundle)) {
                bundle.start(Bundle.START_ACTIVATION_POLICY);
            }
            return bundle;
        } catch (BundleException e) {
            throw new Refusal("installing " + jar + ": " + e.getMessage() + "; building Manx again may help", e);
        }
    }

    private static boolean isFragment(Bundle bundle) {
        return (bundle.adapt(BundleRevision.class).getTypes() & BundleRevision.TYPE_FRAGMENT) != 0;
    }

    private void announceReady(BundleContext context) {
        context.addServiceListener((AllServiceListener) event -> {
            Object[] types = (Object[]) event.getServiceReference().getProperty(Constants.OBJECTCLASS);
            if (event.getType() == ServiceEvent.REGISTERED && List.of(types).contains(READY)) {
                out.println("ready");
                out.flush();
            }
        });
        context.addFrameworkListener(event -> {
            if (event.getType() == FrameworkEvent.ERROR) {
                System.err.println("manx: bundle " + event.getBundle().getSymbolicName() + ": "
                        + rootOf(event.getThrowable()).getMessage());
            }
        });
    }

    /** A framework wraps what a bundle said about its failure. */
    private static Throwable rootOf(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }

    /**
     * Bundles that have started, or wait for their first class to be asked for. Some are updated or uninstalled right
     * after, as a command of an earlier run wanted it: what state they are in then says nothing about their start.
     */
    private static Set<Bundle> follow(BundleContext context) {
        Set<Bundle> started = ConcurrentHashMap.newKeySet();
        context.addBundleListener((SynchronousBundleListener) event -> {
            if ((event.getType() & (BundleEvent.STARTED | BundleEvent.LAZY_ACTIVATION)) != 0) {
                started.add(event.getBundle());
            }
        });
        return started;
    }

    /** Bundles of Manx that did not start are a broken build, and no pipeline can be trusted. */
    private static void checkStarted(List<Bundle> bundles, Set<Bundle> started) throws Refusal {
        List<String> lame = bundles.stream()
                .filter(bundle -> !started.contains(bundle))
                .filter(bundle -> !isFragment(bundle))
                .map(Bundle::getSymbolicName)
                .toList();
        if (!lame.isEmpty()) {
            throw new Refusal("these bundles did not start: " + String.join(", ", lame) + "; the reasons are above");
        }
    }

    /** None where the framework has stopped already. */
    private static List<ClassLoader> loaders(Framework framework) {
        BundleContext context = framework.getBundleContext();
        return Stream.of(context == null ? new Bundle[0] : context.getBundles())
                .map(bundle -> bundle.adapt(BundleWiring.class))
                .filter(Objects::nonNull)
                .map(BundleWiring::getClassLoader)
                .filter(Objects::nonNull)
                .toList();
    }

    /** Ends the process here: its status would else be the signal's. */
    private void end(Framework framework) {
        ending = true;
        loaders = loaders(framework);
        try {
            framework.stop();
            framework.waitForStop(0);
        } catch (BundleException e) {
            System.err.println("manx: stopping: " + e.getMessage());
            status = 1;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            status = 1;
        }
        Runtime.getRuntime().halt(status);
    }
}
