package io.manx.osgi;

import io.manx.api.stage.StageControl;
import io.manx.core.Hook;
import io.manx.core.StageDescriptor;
import io.manx.core.StageDescriptor.Migrate;
import io.manx.core.StandsFor;
import io.manx.core.Version;
import io.manx.core.WhichPackets;
import java.io.FileNotFoundException;
import java.io.InputStream;
import java.net.URL;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.osgi.framework.Bundle;
import org.osgi.framework.wiring.BundleCapability;
import org.osgi.framework.wiring.BundleRevision;

/** Reads the {@code manx.stage} capabilities of a bundle. */
final class StageCapability {
    static final String NAMESPACE = "manx.stage";

    private StageCapability() {}

    static boolean isIn(Bundle bundle) {
        return !declared(bundle).isEmpty();
    }

    /**
     * @param controls finds the control a bundle has registered for a stage
     * @throws IllegalArgumentException a capability is not of its form; the message names bundle and attribute
     */
    static List<StageDescriptor> stages(Bundle bundle, Function<String, Optional<StageControl>> controls) {
        List<StageDescriptor> stages = new ArrayList<>();
        for (BundleCapability capability : declared(bundle)) {
            try {
                stages.add(stage(bundle, capability.getAttributes(), controls));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(
                        "bundle " + bundle.getSymbolicName() + ": its capability manx.stage is wrong: " + e.getMessage(), e);
            }
        }
        return stages;
    }

    private static List<BundleCapability> declared(Bundle bundle) {
        BundleRevision revision = bundle.adapt(BundleRevision.class);
        return revision == null ? List.of() : revision.getDeclaredCapabilities(NAMESPACE);
    }

    private static StageDescriptor stage(
            Bundle bundle, Map<String, Object> attributes, Function<String, Optional<StageControl>> controls) {
        String name = text(attributes, NAMESPACE);
        String object = text(attributes, "object");
        return new StageDescriptor(
                name,
                bundle.getSymbolicName(),
                bundle.getBundleId(),
                Version.parse(attributes.containsKey("version")
                        ? attributes.get("version").toString()
                        : bundle.getVersion().toString()),
                Hook.parse(text(attributes, "hook")),
                list(attributes.get("after")),
                list(attributes.get("before")),
                WhichPackets.parse(String.valueOf(attributes.getOrDefault("packets", "every"))),
                source(bundle, object),
                Boolean.parseBoolean(String.valueOf(attributes.get("control"))),
                () -> controls.apply(name),
                attributes.containsKey("migrate") ? Migrate.parse(text(attributes, "migrate")) : Migrate.NONE,
                StandsFor.parse(list(attributes.get("stands-for"))));
    }

    /** The entry is found now: a bundle that is updated later shows other entries. */
    private static StageDescriptor.ObjectSource source(Bundle bundle, String path) {
        URL entry = bundle.getEntry(path);
        String owner = bundle.getSymbolicName();
        return () -> {
            if (entry == null) {
                throw new FileNotFoundException("the bundle " + owner + " has no object " + path
                        + ", which its capability names");
            }
            try (InputStream in = entry.openStream()) {
                return in.readAllBytes();
            }
        };
    }

    private static String text(Map<String, Object> attributes, String key) {
        Object value = attributes.get(key);
        if (value == null || value.toString().isBlank()) {
            throw new IllegalArgumentException("attribute " + key + " is missing");
        }
        return value.toString();
    }

    /** A List of String, or one String with commas. */
    private static List<String> list(Object value) {
        if (value == null) {
            return List.of();
        }
        Collection<?> parts = value instanceof Collection<?> many ? many : Arrays.asList(value.toString().split(","));
        return parts.stream().map(part -> part.toString().strip()).filter(part -> !part.isEmpty()).toList();
    }
}
