package io.manx.itest.pax;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.manx.api.stage.StageContext;
import io.manx.api.stage.StageControl;
import io.manx.core.view.DataPlane;
import io.manx.core.view.Deployment;
import io.manx.core.view.PipelineView.StageRow;
import io.manx.core.view.Ready;
import io.manx.core.view.StageView;
import io.manx.itest.Await;
import io.manx.itest.Bundles;
import io.manx.itest.Home;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
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
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.framework.startlevel.FrameworkStartLevel;
import org.osgi.framework.wiring.FrameworkWiring;

/** On Felix: bundles with several stages, start levels, and what a stage needs that comes after it. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class StageLifecycleIT {
    private static final Wire WIRE = new Wire(1);

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
    public void removeOwnBundles() throws BundleException {
        OwnBundles.uninstallAll(context);
        Await.until("the bundles of this test are gone", () -> dataPlane.stages().stream().noneMatch(stage -> OwnBundles.isOwn(stage.bundle())));
    }

    @Test
    public void waitsForTheStageItMustFollow() throws Exception {
        OwnBundles.start(context, OwnBundles.stage("late", "early", "", "late"));
        Await.until("late waits", () -> stateOf("late").equals("waiting"));
        assertThat(stage("late").why()).isEqualTo("late must follow early, which is not installed");
        assertThat(chain()).doesNotContain("late");

        OwnBundles.start(context, OwnBundles.stage("early", "parse", "", "early"));
        Await.until("both are in the pipeline", () -> chain().containsAll(List.of("early", "late")));
        assertThat(chain()).containsSubsequence("parse", "early", "late");
    }

    @Test
    public void waitsForTheFieldItRequiresWhoseWriterThenHasToStay() throws Exception {
        assertThat(deployment.install(OwnBundles.stage("reader", "parse", "", "reader")).what()).contains("reader", "waits: reader (bundle ")
                .contains("requires the note's field tenant (__u32, 4 bytes), which no stage publishes");

        deployment.install(OwnBundles.stage("writer", "parse", "", "writer"));
        assertThat(chain()).containsSubsequence("parse", "writer", "reader");
        assertThatThrownBy(() -> deployment.remove("writer"))
                .isInstanceOf(Deployment.RefusedException.class)
                .hasMessageContaining("requires the note's field tenant, which writer publishes");

        deployment.remove("reader");
        deployment.remove("writer");
        assertThat(chain()).doesNotContain("reader", "writer");
    }

    @Test
    public void waitsForABundleWhoseCapabilityItRequires() throws Exception {
        Bundle bundle = OwnBundles.install(context, OwnBundles.stage(
                "early", "parse", "", "early", "Require-Capability", "manx.test.word;filter:=\"(word=meow)\""));
        assertThatThrownBy(bundle::start).isInstanceOf(BundleException.class).hasMessageContaining("manx.test.word");
        assertThat(stateOf("early")).isEmpty();

        OwnBundles.start(context, OwnBundles.empty("words", "Provide-Capability", "manx.test.word;word=meow"));
        bundle.start();
        Await.until("early is in the pipeline", () -> chain().contains("early"));
    }

    @Test
    public void waitsForAControlThatComesLater() throws Exception {
        Bundle bundle = OwnBundles.start(context, OwnBundles.stage("early", "parse", ";control=true", "early"));
        Await.until("early waits", () -> stateOf("early").equals("waiting"));
        assertThat(stage("early").why()).contains("has not yet given its control component").contains("manx.stage=early");

        Control control = new Control();
        bundle.getBundleContext().registerService(StageControl.class, control, null);
        Await.until("early is in the pipeline", () -> chain().contains("early"));
        assertThat(control.loaded).isTrue();

        bundle.uninstall();
        Await.until("its control knows that it is out", () -> control.unloaded);
        assertThat(chain()).doesNotContain("early");
    }

    @Test
    public void comesAndGoesWithItsStartLevel() throws Exception {
        FrameworkStartLevel levels = context.getBundle(0).adapt(FrameworkStartLevel.class);
        int now = levels.getStartLevel();
        Bundle bundle = OwnBundles.install(context, OwnBundles.stage("early", "parse", "", "early"));
        bundle.adapt(BundleStartLevel.class).setStartLevel(now + 10);
        bundle.start();
        assertThat(chain()).doesNotContain("early");
        try {
            levels.setStartLevel(now + 10);
            Await.until("above its level it is in the pipeline", () -> chain().contains("early"));
            levels.setStartLevel(now);
            Await.until("below its level it is not", () -> !chain().contains("early"));
            levels.setStartLevel(now + 10);
            Await.until("above its level it is back", () -> chain().contains("early"));
        } finally {
            levels.setStartLevel(now);
        }
        assertThat(chain()).startsWith("parse").endsWith("forward");
    }

    @Test
    public void bothStagesOfABundleAreUpdatedAndRefreshed() throws Exception {
        assertThat(ready).isNotNull();
        Bundle nat = bundle("io.manx.nat");
        int service = stage("service").programId();
        try (InputStream next = Files.newInputStream(Bundles.withVersion(Home.jar("io.manx.nat"), "1.7.0", OwnBundles.temp("nat.jar")))) {
            nat.update(next);
        }
        Await.until("both stages have the new version", () -> isAt("service", "1.7.0") && isAt("nat", "1.7.0"));
        assertThat(stage("service").programId()).isNotEqualTo(service);

        int updated = stage("nat").programId();
        context.getBundle(0).adapt(FrameworkWiring.class).refreshBundles(List.of(nat));
        Await.until("nat is loaded again", () -> isAt("nat", "1.7.0") && stage("nat").programId() != updated);
        assertThat(nat.getState()).isEqualTo(Bundle.ACTIVE);
        assertThat(isAt("service", "1.7.0")).isTrue();
        assertThat(chain()).startsWith("fastpath", "parse", "conntrack").endsWith("forward");
    }

    /** Remembers what it was told; on the engine's thread. */
    private static final class Control implements StageControl {
        private volatile boolean loaded;
        private volatile boolean unloaded;

        @Override
        public String stage() {
            return "early";
        }

        @Override
        public void loaded(StageContext stageContext) {
            loaded = true;
        }

        @Override
        public void unloaded() {
            unloaded = true;
        }
    }

    private Bundle bundle(String name) {
        return Stream.of(context.getBundles())
                .filter(bundle -> name.equals(bundle.getSymbolicName()))
                .findFirst()
                .orElseThrow();
    }

    private List<String> chain() {
        return dataPlane.pipelines().get(0).lanes().first().stream().map(StageRow::name).toList();
    }

    private StageView stage(String name) {
        return find(name).orElseThrow();
    }

    private String stateOf(String name) {
        return find(name).map(StageView::state).orElse("");
    }

    private boolean isAt(String name, String version) {
        return find(name).filter(stage -> stage.version().equals(version) && stage.programId() > 0).isPresent();
    }

    private Optional<StageView> find(String name) {
        return dataPlane.stages().stream().filter(stage -> stage.name().equals(name)).findFirst();
    }
}
