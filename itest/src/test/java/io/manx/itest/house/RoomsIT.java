package io.manx.itest.house;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.manx.itest.Home;
import java.io.IOException;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Who may know whom (ARCHITECTURE.md, "The map"). */
class RoomsIT {
    private static final String[] PLUGINS = {
        "io.manx.parse..", "io.manx.conntrack..", "io.manx.policy..", "io.manx.nat..", "io.manx.routes.."
    };
    private static JavaClasses classes;

    @BeforeAll
    static void readEveryRoom() throws IOException {
        try (Stream<Path> all = Files.find(
                Home.ROOT, 4, (path, attributes) -> path.endsWith(Path.of("target", "classes")))) {
            List<Path> rooms = all.toList();
            classes = new ClassFileImporter().importPaths(rooms);
        }
        assertThat(classes).hasSizeGreaterThan(100);
    }

    @Test
    void everyBundleIsAnExplicitModuleToo() throws IOException {
        try (Stream<Path> all = Files.walk(Home.BUNDLES)) {
            List<Path> ours = all.filter(jar -> jar.getFileName().toString().matches("io\\.manx\\..*\\.jar")).toList();
            assertThat(ours).hasSizeGreaterThan(10);
            for (Path jar : ours) {
                assertThat(ModuleFinder.of(jar).findAll())
                        .as(jar.toString())
                        .singleElement()
                        .matches(module -> !module.descriptor().isAutomatic());
            }
        }
    }

    @Test
    void onlyLibbpfKnowsJna() {
        noClasses()
                .that().resideOutsideOfPackage("io.manx.libbpf..")
                .should().dependOnClassesThat().resideInAPackage("com.sun.jna..")
                .check(classes);
    }

    @Test
    void coreKnowsNeitherOsgiNorYaml() {
        noClasses()
                .that().resideInAPackage("io.manx.core..")
                .should().dependOnClassesThat().resideInAnyPackage("org.osgi.framework..", "org.osgi.service..", "org.yaml..", "io.manx.osgi..", "io.manx.resources..")
                .check(classes);
    }

    @Test
    void apiKnowsNothing() {
        noClasses()
                .that().resideInAPackage("io.manx.api..")
                .should().dependOnClassesThat().resideOutsideOfPackages("io.manx.api..", "java..", "org.osgi.annotation..")
                .check(classes);
    }

    @Test
    void pluginsKnowOnlyTheApi() {
        noClasses()
                .that().resideInAnyPackage(PLUGINS)
                .should().dependOnClassesThat().resideInAnyPackage("io.manx.core..", "io.manx.libbpf..", "io.manx.osgi..", "io.manx.resources..", "io.manx.shell..")
                .check(classes);
        slices().matching("io.manx.(parse|conntrack|policy|nat|routes)..").should().notDependOnEachOther().check(classes);
    }
}
