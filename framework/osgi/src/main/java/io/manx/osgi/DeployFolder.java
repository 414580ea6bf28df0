package io.manx.osgi;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import org.osgi.framework.Bundle;

/** The folder whose jars FileInstall installs. */
final class DeployFolder {
    private static final String FILE = "file:";
    private final Optional<Path> folder;

    DeployFolder(Optional<Path> folder) {
        this.folder = folder;
    }

    /** The file that a bundle was installed from, where its location is one. */
    static Optional<Path> jarOf(Bundle bundle) {
        String location = bundle.getLocation();
        return location.startsWith(FILE) ? Optional.of(Path.of(URI.create(location))) : Optional.empty();
    }

    /** The bundle's jar, if it lies in this folder. */
    Optional<Path> jarHere(Bundle bundle) {
        return jarOf(bundle).filter(jar -> folder.isPresent() && jar.startsWith(folder.get()));
    }

    /** Whether a file lies in this folder. */
    boolean holds(Path file) {
        return folder.isPresent() && file.toAbsolutePath().normalize().startsWith(folder.get());
    }
}
