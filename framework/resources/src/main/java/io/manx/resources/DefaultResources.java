package io.manx.resources;

import io.manx.api.resource.Resources;
import io.manx.resources.yaml.FileContent;
import io.manx.resources.yaml.Snapshot;
import io.manx.resources.yaml.YamlReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What Manx runs with when it is given no folder: {@code META-INF/manx/default} of this bundle. */
public final class DefaultResources {
    private static final String FILE = "META-INF/manx/default/resources.yaml";

    private DefaultResources() {}

    /** @throws InvalidResourcesException if the bundle was packed with a file that is wrong */
    public static Resources load() {
        try (InputStream in = DefaultResources.class.getClassLoader().getResourceAsStream(FILE)) {
            if (in == null) {
                throw new IllegalStateException(FILE + " is missing from the bundle io.manx.resources; build it again");
            }
            FileContent content = YamlReader.read(FILE, new String(in.readAllBytes(), StandardCharsets.UTF_8));
            Snapshot snapshot = new Snapshot(List.of(content));
            if (!snapshot.problems().isEmpty()) {
                throw new InvalidResourcesException("bundle io.manx.resources", snapshot.problems());
            }
            return snapshot.resources();
        } catch (IOException e) {
            throw new UncheckedIOException("reading " + FILE + " of the bundle io.manx.resources", e);
        }
    }
}
