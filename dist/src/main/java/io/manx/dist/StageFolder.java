package io.manx.dist;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;

/** A stage's folder, as {@code new-stage} writes it: Makefile, MANIFEST.MF, src. */
final class StageFolder {
    /** A later one sorts behind an earlier one. */
    private static final DateTimeFormatter QUALIFIER = DateTimeFormatter.ofPattern("'dev'yyyyMMddHHmmssSSS");

    private final Path folder;
    private final Path manifest;

    private StageFolder(Path folder) {
        this.folder = folder;
        this.manifest = folder.resolve("MANIFEST.MF");
    }

    /** @throws Refusal it is none */
    static StageFolder of(Path folder) throws Refusal {
        for (String file : List.of("Makefile", "MANIFEST.MF")) {
            if (!Files.isRegularFile(folder.resolve(file))) {
                throw new Refusal(folder + " holds no stage: it has no " + file + "; `manx new-stage NAME` writes a folder that does");
            }
        }
        return new StageFolder(folder.toAbsolutePath().normalize());
    }

    Path path() {
        return folder;
    }

    /** @throws Refusal the manifest names none */
    String bundle() throws Refusal, IOException {
        String name = manifest().getMainAttributes().getValue("Bundle-SymbolicName");
        if (name == null) {
            throw new Refusal(manifest + " has no Bundle-SymbolicName, by which a bundle is known");
        }
        return name.split(";", 2)[0].strip();
    }

    /** Compiles what has changed; the compilers' messages go to this process's own outputs. @return whether it could */
    boolean compile() throws Refusal, IOException, InterruptedException {
        try {
            return new ProcessBuilder("make", "-s", "-C", folder.toString(), "contents").inheritIO().start().waitFor() == 0;
        } catch (IOException e) {
            throw new Refusal("building " + folder + ": " + e.getMessage() + "; apt-get install make", e);
        }
    }

    /** Packs what was compiled, under a version above all before it. @return the jar */
    Path pack() throws Refusal, IOException {
        Manifest packed = manifest();
        Attributes main = packed.getMainAttributes();
        if (main.getValue("Provide-Capability") == null) {
            throw new Refusal(manifest + " has no Provide-Capability: manx.stage, which says what the stage is");
        }
        NextVersionCommand.setVersion(main, versionNow(main.getValue("Bundle-Version")));
        Path contents = folder.resolve("build/bundle");
        Path jar = folder.resolve("build/dev.jar");
        Path next = folder.resolve("build/dev.jar.next");
        try (OutputStream file = Files.newOutputStream(next);
                JarOutputStream out = new JarOutputStream(file, packed);
                Stream<Path> all = Files.walk(contents)) {
            for (Path path : all.filter(Files::isRegularFile).sorted().toList()) {
                out.putNextEntry(new ZipEntry(contents.relativize(path).toString()));
                Files.copy(path, out);
                out.closeEntry();
            }
        }
        return Files.move(next, jar, StandardCopyOption.ATOMIC_MOVE);
    }

    /** {@code 1.2.3} becomes {@code 1.2.3.dev20261122210512345}. */
    private static String versionNow(String version) {
        String[] numbers = (version == null ? "0" : version).split("\\.");
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 3; i++) {
            text.append(i < numbers.length ? numbers[i].strip() : "0").append('.');
        }
        return text + QUALIFIER.format(LocalDateTime.now());
    }

    private Manifest manifest() throws Refusal, IOException {
        try (InputStream in = Files.newInputStream(manifest)) {
            return new Manifest(in);
        } catch (java.nio.file.NoSuchFileException e) {
            throw new Refusal(manifest + " is gone", e);
        }
    }
}
