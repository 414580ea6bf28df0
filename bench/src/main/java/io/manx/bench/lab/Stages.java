package io.manx.bench.lab;

import io.manx.api.stage.StageControl;
import io.manx.core.StageDescriptor;
import io.manx.core.StageJars;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.stream.Stream;

/** The stages of the bundles on the class path, with the controls they bring. */
public final class Stages {
    private Stages() {}

    /** @throws IOException a jar can't be read, or there are none with stages */
    public static List<StageDescriptor> onClassPath() throws IOException {
        List<StageDescriptor> stages = StageJars.of(jars(), Stages::control);
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

    /** The same stage from the same jar, under another version. */
    public static StageDescriptor next(StageDescriptor stage, String version) {
        return StageJars.next(stage, version, Stages::control);
    }

    /** A fresh one each time, as a bundle that is updated has. */
    private static Optional<StageControl> control(String stage) {
        return ServiceLoader.load(StageControl.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(control -> control.stage().equals(stage))
                .findFirst();
    }
}
