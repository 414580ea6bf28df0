package io.manx.osgi;

import io.manx.core.view.Deployment.RefusedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.Version;

/** What a jar's manifest says of it, read before the framework sees the jar. */
record JarFacts(String symbolicName, Version version) {

    static JarFacts of(Bundle bundle) {
        return new JarFacts(bundle.getSymbolicName(), bundle.getVersion());
    }

    /** @throws RefusedException it is no bundle; the message says what it lacks */
    static JarFacts read(Path jar) throws RefusedException {
        if (!Files.isRegularFile(jar)) {
            throw new RefusedException(jar + ": no such file");
        }
        try (JarFile file = new JarFile(jar.toFile())) {
            Manifest manifest = file.getManifest();
            Attributes main = manifest == null ? new Attributes() : manifest.getMainAttributes();
            String name = main.getValue(Constants.BUNDLE_SYMBOLICNAME);
            if (name == null) {
                throw new RefusedException(jar + ": a jar, but no bundle: its manifest has no Bundle-SymbolicName"
                        + " (bnd-maven-plugin writes one)");
            }
            String version = main.getValue(Constants.BUNDLE_VERSION);
            return new JarFacts(
                    name.split(";", 2)[0].strip(), version == null ? Version.emptyVersion : Version.parseVersion(version));
        } catch (IOException e) {
            throw new RefusedException(jar + ": not a jar: " + e.getMessage(), e);
        } catch (IllegalArgumentException e) {
            throw new RefusedException(jar + ": " + e.getMessage(), e);
        }
    }

    @Override
    public String toString() {
        return symbolicName + " " + version;
    }
}
