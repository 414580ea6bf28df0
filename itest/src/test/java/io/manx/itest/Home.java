package io.manx.itest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What was built: the assembled Manx and the bundles in it. */
public final class Home {
    public static final Path ROOT = Path.of(System.getProperty("manx.root"));
    /** One folder a start level. */
    public static final Path BUNDLES = ROOT.resolve("dist/target/manx/bundles");

    private Home() {}

    /** A bundle of the assembled Manx. @param name without {@code .jar} */
    public static Path jar(String name) {
        List<Path> found = jars().stream()
                .filter(jar -> jar.getFileName().toString().equals(name + ".jar"))
                .toList();
        if (found.size() != 1) {
            throw new IllegalStateException(found.size() + " jars called " + name + " below " + BUNDLES + ": " + found);
        }
        return found.get(0);
    }

    /** The example stage that the deploy folder is tried with. */
    public static Path noTelnet() {
        return example("io.manx.example.notelnet");
    }

    /** A stage that is no default one. @param name without {@code .jar} */
    public static Path example(String name) {
        return ROOT.resolve("dist/target/manx/stages/" + name + ".jar");
    }

    private static List<Path> jars() {
        try (Stream<Path> all = Files.walk(BUNDLES)) {
            return all.filter(path -> path.toString().endsWith(".jar")).toList();
        } catch (IOException e) {
            throw new UncheckedIOException("listing " + BUNDLES + "; build it first: mvn package", e);
        }
    }
}
