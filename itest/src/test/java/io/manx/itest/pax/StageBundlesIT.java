package io.manx.itest.pax;

import static org.assertj.core.api.Assertions.assertThat;

import io.manx.core.view.DataPlane;
import io.manx.core.view.Deployment;
import io.manx.core.view.PipelineView.StageRow;
import io.manx.core.view.ProgramView;
import io.manx.core.view.Ready;
import io.manx.core.view.StageView;
import io.manx.itest.Bundles;
import io.manx.itest.Home;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BooleanSupplier;
import javax.inject.Inject;
import org.junit.After;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;

/** On Felix: a stage's bundle comes, changes and goes, and the kernel follows. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class StageBundlesIT {
    private static final Wire WIRE = new Wire(0);
    private static final String STAGE = "no-telnet";

    @Inject
    private BundleContext context;

    @Inject
    private DataPlane dataPlane;

    @Inject
    private Deployment deployment;

    @Inject
    private Ready ready;

    @Configuration
    public Option[] configuration() throws Exception {
        return PaxBundles.forTests(WIRE, PaxBundles.LEVEL);
    }

    @After
    public void removeTheExample() throws BundleException {
        for (Bundle bundle : context.getBundles()) {
            if ("io.manx.example.notelnet".equals(bundle.getSymbolicName())) {
                bundle.uninstall();
            }
        }
        await("the example is gone", () -> !chain().contains(STAGE));
    }

    @Test
    public void attachesTheDefaultPipelineBeforeItIsReady() {
        assertThat(ready).isNotNull();
        assertThat(dataPlane.stages()).extracting(StageView::name).contains("parse", "conntrack", "forward");
        assertThat(dataPlane.pipelines()).extracting("interfaceName", "attach").contains(
                org.assertj.core.groups.Tuple.tuple(WIRE.device(), "tcx"));
        assertThat(chain()).startsWith("fastpath", "parse", "conntrack").endsWith("forward");
    }

    @Test
    public void followsABundleThatIsInstalledUpdatedAndUninstalled() throws Exception {
        Bundle bundle = context.installBundle("test:no-telnet", Files.newInputStream(Home.noTelnet()));
        bundle.start();
        await("the stage is in the pipeline", () -> chain().contains(STAGE));
        int first = programId();
        assertThat(kernelHas(first)).isTrue();

        bundle.update(Files.newInputStream(Bundles.withVersion(Home.noTelnet(), "1.1.0", temp("next.jar"))));
        await("its new version runs", () -> versionOf(STAGE).equals("1.1.0"));
        assertThat(programId()).isNotEqualTo(first);
        await("the old program is gone from the kernel", () -> !kernelHas(first));

        int second = programId();
        bundle.uninstall();
        await("the stage is out of the pipeline", () -> !chain().contains(STAGE));
        await("its program is gone from the kernel", () -> !kernelHas(second));
    }

    @Test
    public void refusesABundleWithoutItsObjectAndLeavesThePipeline() throws Exception {
        List<String> before = chain();
        Path jar = Bundles.withObject(Home.noTelnet(), null, temp("empty.jar"));

        org.assertj.core.api.Assertions.assertThatThrownBy(() -> deployment.install(jar))
                .isInstanceOf(Deployment.RefusedException.class)
                .hasMessageContaining("io.manx.example.notelnet")
                .hasMessageContaining("META-INF/bpf/no_telnet.bpf.o");
        assertThat(chain()).isEqualTo(before);
    }

    @Test
    public void installsUpdatesAndRemovesByCommand() throws Exception {
        deployment.install(Home.noTelnet());
        assertThat(chain()).contains(STAGE);

        Deployment.Change change = deployment.update(Bundles.withVersion(Home.noTelnet(), "1.2.0", temp("more.jar")));
        assertThat(change.lost()).isZero();
        assertThat(versionOf(STAGE)).isEqualTo("1.2.0");

        deployment.remove(STAGE);
        assertThat(chain()).doesNotContain(STAGE);
    }

    @Test
    public void refusesToRemoveWhatOthersMustFollow() {
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> deployment.remove("parse"))
                .isInstanceOf(Deployment.RefusedException.class)
                .hasMessageContaining("must follow parse");
        assertThat(chain()).contains("parse");
    }

    private List<String> chain() {
        return dataPlane.pipelines().get(0).lanes().first().stream().map(StageRow::name).toList();
    }

    private int programId() {
        return dataPlane.programs().stream()
                .filter(program -> program.stage().equals(STAGE))
                .mapToInt(ProgramView::id)
                .findFirst()
                .orElseThrow();
    }

    private String versionOf(String stage) {
        return dataPlane.stages().stream()
                .filter(view -> view.name().equals(stage) && view.state().equals("running"))
                .map(StageView::version)
                .findFirst()
                .orElse("");
    }

    private static boolean kernelHas(int programId) {
        try {
            return new ProcessBuilder("bpftool", "prog", "show", "id", Integer.toString(programId))
                            .redirectErrorStream(true)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException("asking bpftool for program " + programId, e);
        }
    }

    private static Path temp(String name) throws IOException {
        return Files.createTempDirectory("manx-pax").resolve(name);
    }

    private static void await(String what, BooleanSupplier condition) {
        io.manx.itest.Await.until(what, condition);
    }
}
