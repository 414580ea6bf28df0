package io.manx.core;

import io.manx.api.stage.StageControl;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;

/** Stages as their jars' manifests describe them, read without an OSGi framework. */
public final class StageJars {
    /** {@code manx.stage;after=conntrack;object="META-INF/bpf/nat.bpf.o";...}, up to a comma that no quotes enclose. */
    private static final Pattern CAPABILITY = Pattern.compile("(?:^|,)manx\\.stage;((?:\"[^\"]*\"|[^,\"])*)");

    private StageJars() {}

    /**
     * Those of all jars; a jar may have none.
     *
     * @param controls by the stage's name; asked anew each time it is loaded
     * @throws IOException a jar can't be read
     */
    public static List<StageDescriptor> of(List<Path> jars, Function<String, Optional<StageControl>> controls) throws IOException {
        List<StageDescriptor> stages = new ArrayList<>();
        for (Path jar : jars) {
            Attributes main = manifest(jar);
            Matcher capabilities = CAPABILITY.matcher(Objects.requireNonNullElse(main.getValue("Provide-Capability"), ""));
            while (capabilities.find()) {
                stages.add(stage(jar, main.getValue("Bundle-SymbolicName"), capabilities.group(1), controls));
            }
        }
        return stages;
    }

    private static Attributes manifest(Path jar) throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            Manifest manifest = file.getManifest();
            return manifest == null ? new Attributes() : manifest.getMainAttributes();
        }
    }

    /** The same stage from the same jar, under another version. */
    public static StageDescriptor next(
            StageDescriptor stage, String version, Function<String, Optional<StageControl>> controls) {
        return new StageDescriptor(
                stage.name(),
                stage.bundle(),
                stage.bundleId() + 1,
                Version.parse(version),
                stage.hook(),
                stage.after(),
                stage.before(),
                stage.packets(),
                stage.object(),
                stage.needsControl(),
                () -> controls.apply(stage.name()))
                .standingFor(stage.standsFor());
    }

    private static StageDescriptor stage(
            Path jar, String bundle, String capability, Function<String, Optional<StageControl>> controls) {
        String name = attribute(capability, "manx.stage").orElseThrow();
        String object = attribute(capability, "object").orElseThrow();
        return new StageDescriptor(
                name,
                bundle,
                1,
                Version.parse(attribute(capability, "version").orElse("0")),
                Hook.parse(attribute(capability, "hook").orElseThrow()),
                list(capability, "after"),
                list(capability, "before"),
                attribute(capability, "packets").map(WhichPackets::parse).orElse(WhichPackets.EVERY),
                () -> read(jar, object),
                attribute(capability, "control").orElse("").equals("true"),
                () -> controls.apply(name))
                .standingFor(StandsFor.parse(list(capability, "stands-for")));
    }

    private static List<String> list(String capability, String name) {
        return attribute(capability, name).map(value -> List.of(value.split(","))).orElse(List.of());
    }

    private static Optional<String> attribute(String capability, String name) {
        Matcher found = Pattern.compile("(?:^|;)" + Pattern.quote(name) + "(?::[^=]*)?=(?:\"([^\"]*)\"|([^;]*))").matcher(capability);
        return found.find() ? Optional.of(found.group(1) == null ? found.group(2) : found.group(1)) : Optional.empty();
    }

    private static byte[] read(Path jar, String object) throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            ZipEntry entry = file.getEntry(object);
            if (entry == null) {
                throw new FileNotFoundException(jar + " has no object " + object + ", which its capability names");
            }
            try (InputStream in = file.getInputStream(entry)) {
                return in.readAllBytes();
            }
        }
    }
}
