package io.manx.itest.modules;

import static org.assertj.core.api.Assertions.assertThat;

import io.manx.itest.Home;
import io.manx.testkit.Command;
import io.manx.testkit.Namespace;
import io.manx.testkit.Namespaces;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The assembled jars on the module path of a Java without OSGi: the same engine, the same stages. */
class ModulePathIT {
    /** Without resources service, policy and nat are idle. */
    private static final String CHAIN = "parse > conntrack > routes > forward";
    private static final List<String> FRAMEWORK =
            List.of("io.manx.api", "io.manx.libbpf", "io.manx.core", "jna");
    private static final List<String> STAGES =
            List.of("io.manx.parse", "io.manx.conntrack", "io.manx.policy", "io.manx.nat", "io.manx.routes");

    @TempDir
    Path state;

    @Test
    void composesTheDefaultPipelineAndReplacesAStage() throws Exception {
        try (Namespaces net = new Namespaces("manx-mp")) {
            Namespace here = net.add("here");
            net.connect(here, "eth0", net.add("there"), "eth0");

            Command run = here.attempt(command("routes"));

            assertThat(run.status()).as(run.output()).isZero();
            assertThat(run.output().lines())
                    .contains("engine in module io.manx.core", "lost 0")
                    .contains("composed tc-ingress tcx generation 1: " + CHAIN, "composed stage routes 1.0.0 running ")
                    .contains("replaced tc-ingress tcx generation 1: " + CHAIN, "replaced stage routes 99.0.0 running ")
                    .contains("composed stage policy 1.0.0 idle ");
        }
    }

    private String[] command(String replaced) throws IOException {
        List<String> words = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-p", modulePath(),
                "--add-modules", "ALL-MODULE-PATH",
                "-cp", Path.of("target/test-classes").toAbsolutePath().toString(),
                ModulePathMain.class.getName(),
                state.toString(), "eth0", replaced));
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
