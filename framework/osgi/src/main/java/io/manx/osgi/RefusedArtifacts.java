package io.manx.osgi;

import io.manx.core.view.Deployment.RefusedException;
import java.io.File;
import org.apache.felix.fileinstall.ArtifactInstaller;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says of a jar in the deploy folder that is no bundle why nothing comes of it; FileInstall itself would pass it over. */
public final class RefusedArtifacts implements ArtifactInstaller {
    private static final Logger LOG = LoggerFactory.getLogger(RefusedArtifacts.class);

    @Override
    public boolean canHandle(File artifact) {
        return artifact.getName().endsWith(".jar") && refusal(artifact) != null;
    }

    @Override
    public void install(File artifact) {
        LOG.error("{}; refused, the pipeline is unchanged", refusal(artifact));
    }

    @Override
    public void update(File artifact) {
        install(artifact);
    }

    @Override
    public void uninstall(File artifact) {
        LOG.debug("{} is gone from the deploy folder; it was no bundle", artifact);
    }

    private static String refusal(File artifact) {
        try {
            JarFacts.read(artifact.toPath());
            return null;
        } catch (RefusedException e) {
            return e.getMessage();
        }
    }
}
