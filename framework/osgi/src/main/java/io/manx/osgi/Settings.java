package io.manx.osgi;

import io.manx.core.AttachMode;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.osgi.framework.BundleContext;

/**
 * What {@code manx run} was told, as framework properties.
 *
 * @param config folder of YAML files; none: the embedded default
 * @param deploy folder that FileInstall watches
 * @param interfaces to attach to besides those that endpoints name
 * @param keep the data plane stays when this Manx ends ({@code --on-exit keep})
 */
record Settings(
        Optional<Path> config, Optional<Path> deploy, Path state, Set<String> interfaces, AttachMode attach, boolean keep) {

    private static final String DEFAULT_STATE = "/run/manx/state";

    /** @throws IllegalArgumentException a property is not of its form */
    static Settings of(BundleContext context) {
        return new Settings(
                path(context, "manx.config"),
                path(context, "manx.deploy"),
                path(context, "manx.state").orElse(Path.of(DEFAULT_STATE)),
                names(text(context, "manx.interfaces")),
                AttachMode.parse(text(context, "manx.attach")),
                keep(text(context, "manx.onExit")));
    }

    private static boolean keep(String onExit) {
        return switch (onExit) {
            case "", "detach" -> false;
            case "keep" -> true;
            default -> throw new IllegalArgumentException("manx.onExit=" + onExit + " (expected detach or keep)");
        };
    }

    private static Optional<Path> path(BundleContext context, String key) {
        String text = text(context, key);
        return text.isEmpty() ? Optional.empty() : Optional.of(Path.of(text).toAbsolutePath().normalize());
    }

    private static Set<String> names(String text) {
        Set<String> names = new TreeSet<>();
        Arrays.stream(text.split(",")).map(String::strip).filter(name -> !name.isEmpty()).forEach(names::add);
        return names;
    }

    private static String text(BundleContext context, String key) {
        String value = context.getProperty(key);
        return value == null ? "" : value.strip();
    }
}
