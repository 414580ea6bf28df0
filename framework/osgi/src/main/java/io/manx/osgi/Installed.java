package io.manx.osgi;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What commands have installed, updated and removed, kept in the state folder for the next start:
 *
 * <pre>
 *   installed/NAME_VERSION.jar   a bundle beside those that come with Manx
 *   installed/NAME.jar           the bundle of that name that comes with Manx was updated by this
 *   installed/NAME.removed       the bundle of that name that comes with Manx was removed
 * </pre>
 *
 * <p>A change that can't be kept here stands all the same; the log says that the next start will not know of it.
 */
final class Installed {
    private static final Logger LOG = LoggerFactory.getLogger(Installed.class);
    private static final String LOCATION = "manx-install:";
    private static final String REMOVED = ".removed";

    private final Path folder;
    private final DeployFolder deployFolder;

    Installed(Path state, DeployFolder deployFolder) {
        this.folder = state.resolve("installed");
        this.deployFolder = deployFolder;
    }

    /** Where the framework is told that a bundle comes from which a command installs. */
    static String location(JarFacts facts) {
        return LOCATION + facts;
    }

    private static boolean isByCommand(Bundle bundle) {
        return bundle.getLocation().startsWith(LOCATION);
    }

    boolean comesWithManx(Bundle bundle) {
        return !isByCommand(bundle) && deployFolder.jarHere(bundle).isEmpty();
    }

    void installed(Bundle bundle) {
        JarFacts facts = JarFacts.of(bundle);
        keep(facts.toString(), () -> copy(bundle, besides(facts)));
    }

    /** To be called once it is what it is now. */
    void updated(Bundle bundle) {
        JarFacts facts = JarFacts.of(bundle);
        keep(facts.toString(), () -> {
            copy(bundle, comesWithManx(bundle) ? instead(facts.symbolicName()) : besides(facts));
            forgetOthers(bundle);
        });
    }

    /** Versions of it that it had before: a jar beside others is of a bundle that is there. */
    private void forgetOthers(Bundle bundle) throws IOException {
        String name = bundle.getSymbolicName();
        List<Path> there = Arrays.stream(bundle.getBundleContext().getBundles())
                .filter(other -> name.equals(other.getSymbolicName()))
                .map(other -> besides(JarFacts.of(other)))
                .toList();
        for (Path jar : jars()) {
            if (jar.getFileName().toString().matches(Pattern.quote(name) + "_[0-9].*") && !there.contains(jar)) {
                Files.delete(jar);
            }
        }
    }

    /** To be called before it is uninstalled. */
    void removed(Bundle bundle) {
        JarFacts facts = JarFacts.of(bundle);
        keep(facts + " being removed", () -> {
            Files.deleteIfExists(besides(facts));
            if (comesWithManx(bundle)) {
                Files.deleteIfExists(instead(facts.symbolicName()));
                Files.createDirectories(folder);
                Files.write(folder.resolve(facts.symbolicName() + REMOVED), new byte[0]);
            }
        });
    }

    // ---- at the next start

    /** Symbolic names of bundles that come with Manx and are not wanted. */
    List<String> unwanted() throws IOException {
        return files(REMOVED).stream()
                .map(file -> file.getFileName().toString())
                .map(name -> name.substring(0, name.length() - REMOVED.length()))
                .toList();
    }

    /** By name. */
    List<Path> jars() throws IOException {
        return files(".jar");
    }

    /** Whether the jar is to take the place of a bundle of its name that comes with Manx. */
    boolean isInstead(Path jar, JarFacts facts) {
        return jar.equals(instead(facts.symbolicName()));
    }

    // ---- files

    private List<Path> files(String suffix) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(file -> file.toString().endsWith(suffix)).sorted().toList();
        }
    }

    private Path besides(JarFacts facts) {
        return folder.resolve(facts.symbolicName() + "_" + facts.version() + ".jar");
    }

    private Path instead(String symbolicName) {
        return folder.resolve(symbolicName + ".jar");
    }

    /** In one step: killed meanwhile, there is the old file or the new one. */
    private void copy(Bundle bundle, Path kept) throws IOException {
        Files.createDirectories(folder);
        Path part = kept.resolveSibling(kept.getFileName() + ".part");
        BundleCopy.write(bundle, part);
        Files.move(part, kept, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private interface Work {
        void run() throws IOException;
    }

    private void keep(String what, Work work) {
        try {
            work.run();
        } catch (IOException e) {
            LOG.error("the next start will not know of {}, which could not be kept in {}: {}", what, folder, e.toString());
        }
    }
}
