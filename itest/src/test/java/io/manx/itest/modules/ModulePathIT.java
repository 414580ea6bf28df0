package io.manx.itest.modules;

import static org.assertj.core.api.Assertions.assertThat;

import io.manx.testkit.Command;
import io.manx.testkit.Namespace;
import io.manx.testkit.Namespaces;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The assembled jars on the module path of a Java without OSGi: the same engine, the same stages. */
class ModulePathIT {
    /** Without resources service, policy and nat are idle. */
    private static final String CHAIN = "parse > conntrack > routes > forward";

    @TempDir
    Path state;

    @Test
    void composesTheDefaultPipelineAndReplacesAStage() throws Exception {
        try (Namespaces net = new Namespaces("manx-mp")) {
            Namespace here = net.add("here");
            net.connect(here, "eth0", net.add("there"), "eth0");

            Command run = here.attempt(ModulePath.command(ModulePathMain.class, state.toString(), "eth0", "routes"));

            assertThat(run.status()).as(run.output()).isZero();
            assertThat(run.output().lines())
                    .contains("engine in module io.manx.core", "lost 0")
                    .contains("composed tc-ingress tcx generation 1: " + CHAIN, "composed stage routes 1.0.0 running ")
                    .contains("replaced tc-ingress tcx generation 1: " + CHAIN, "replaced stage routes 99.0.0 running ")
                    .contains("composed stage policy 1.0.0 idle ");
        }
    }
}
