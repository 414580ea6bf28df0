package io.manx.bench.lab;

import io.manx.api.stage.StageControl;
import io.manx.core.Hook;
import io.manx.core.StageDescriptor;
import io.manx.core.Version;
import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;

/** The stages of the bundles on the class path, as their manifests describe them, with the controls they bring. */
public final class Stages {
    /** {@code manx.stage;after=conntrack;object="META-INF/bpf/nat.bpf.o";...}, up to a comma that no quotes enclose. */
    private static final Pattern CAPABILITY = Pattern.compile("(?:^|,)manx\\.stage;((?:\"[^\"]*\"|[^,\"])*)");

    private Stages() {}

    /** @throws IOException a jar can't be read, or there are none with stages */
    public static List<StageDescriptor> onClassPath() throws IOException {
        List<StageDescriptor> stages = new ArrayList<>();
        for (Path jar : jars()) {
            try (JarFile file = new JarFile(jar.toFile())) {
                Manifest manifest = file.getManifest();
                if (manifest != null) {
                    addOf(jar, manifest.getMainAttributes(), stages);
                }
            }
        }
        if (stages.isEmpty()) {
            throw new IOException("no jar with stages is on the class path " + System.getProperty("java.class.path"));
        }
        return stages;
    }

    private static List<Path> jars() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(path -> path.endsWith(".jar"))
                .map(Path::of)
                .filter(Files::isRegularFile)
                .toList();
    }

    private static void addOf(Path jar, Attributes main, List<StageDescriptor> stages) {
        String capabilities = main.getValue("Provide-Capability");
        if (capabilities != null) {
            Matcher found = CAPABILITY.matcher(capabilities);
            while (found.find()) {
                stages.add(stage(jar, main.getValue("Bundle-SymbolicName"), found.group(1)));
            }
        }
    }

    /** The same stage from the same jar, under another version. */
    public static StageDescriptor next(StageDescriptor stage, String version) {
        return new StageDescriptor(
                stage.name(), stage.bundle(), stage.bundleId() + 1, Version.parse(version), stage.hook(), stage.after(),
                stage.before(), stage.everyPacket(), stage.object(), stage.needsControl(), () -> control(stage.name()));
    }

    private static StageDescriptor stage(Path jar, String bundle, String capability) {
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
                attribute(capability, "packets").orElse("every").equals("every"),
                () -> read(jar, object),
                attribute(capability, "control").orElse("").equals("true"),
                () -> control(name));
    }

    /** A fresh one each time, as a bundle that is updated has. */
    private static Optional<StageControl> control(String stage) {
        return ServiceLoader.load(StageControl.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(control -> control.stage().equals(stage))
                .findFirst();
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
