package io.manx.osgi;

import io.manx.core.view.Deployment.RefusedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The jars of versions that come back if their successors fail, in a folder of the state folder; one a bundle. */
final class KeptVersions {
    private static final Logger LOG = LoggerFactory.getLogger(KeptVersions.class);

    private final Path folder;

    /** What an earlier run has left there is forgotten: it ended, and its probations with it. */
    KeptVersions(Path folder) {
        this.folder = folder;
        if (Files.isDirectory(folder)) {
            left().forEach(jar -> {
                LOG.info("{} was kept by a run that ended during the probation of its successor; that one is not installed", jar);
                delete(jar);
            });
        }
    }

    private List<Path> left() {
        try (Stream<Path> jars = Files.list(folder)) {
            return jars.toList();
        } catch (IOException e) {
            throw new UncheckedIOException("listing " + folder, e);
        }
    }

    /** Keeps a bundle as it is. @throws RefusedException it can't be kept */
    void keep(Bundle bundle) throws RefusedException {
        Path jar = of(bundle);
        try {
            Files.createDirectories(folder);
            BundleCopy.write(bundle, jar);
        } catch (IOException e) {
            throw new RefusedException("keeping bundle " + bundle.getSymbolicName() + " as " + jar + ": " + e.getMessage(), e);
        }
    }

    /** Where a bundle's earlier version is, if it is kept. */
    Path of(Bundle bundle) {
        return folder.resolve(bundle.getSymbolicName() + ".jar");
    }

    /** A file that can't be deleted is logged: nothing depends on it. */
    void forget(Bundle bundle) {
        delete(of(bundle));
    }

    private static void delete(Path jar) {
        try {
            Files.deleteIfExists(jar);
        } catch (IOException e) {
            LOG.warn("{}, of no more use, can't be deleted: {}", jar, e.toString());
        }
    }
}
