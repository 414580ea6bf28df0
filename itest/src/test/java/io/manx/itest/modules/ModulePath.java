package io.manx.itest.modules;

import io.manx.itest.Home;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A Java without OSGi that has the assembled jars of the engine and the default stages on its module path. */
final class ModulePath {
    private static final List<String> FRAMEWORK =
            List.of("io.manx.api", "io.manx.libbpf", "io.manx.core", "io.manx.resources", "jna", "snakeyaml");
    private static final List<String> STAGES = List.of(
            "io.manx.fastpath", "io.manx.parse", "io.manx.conntrack", "io.manx.policy", "io.manx.nat", "io.manx.routes");

    private ModulePath() {}

    /** @param arguments of the program; the stages' jars follow them */
    static String[] command(Class<?> main, String... arguments) {
        List<String> words = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-p", modulePath(),
                "--add-modules", "ALL-MODULE-PATH",
                "-cp", Path.of("target/test-classes").toAbsolutePath().toString(),
                main.getName()));
        words.addAll(List.of(arguments));
        STAGES.forEach(name -> words.add(Home.jar(name).toString()));
        return words.toArray(String[]::new);
    }

    /** Under OSGi pax-logging is SLF4J's API; a module path takes the API itself. */
    private static String modulePath() {
        String slf4j = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(jar -> jar.contains("slf4j-api"))
                .findFirst()
                .orElseThrow();
        return Stream.concat(FRAMEWORK.stream(), STAGES.stream())
                .map(name -> Home.jar(name).toString())
                .collect(Collectors.joining(File.pathSeparator, slf4j + File.pathSeparator, ""));
    }
}
