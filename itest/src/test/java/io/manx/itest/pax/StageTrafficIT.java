package io.manx.itest.pax;

import static org.assertj.core.api.Assertions.assertThat;

import io.manx.core.view.DataPlane;
import io.manx.core.view.PipelineView.StageRow;
import io.manx.core.view.Ready;
import io.manx.core.view.StageView;
import io.manx.core.view.SwapView;
import io.manx.itest.Await;
import io.manx.testkit.EchoStream;
import java.util.List;
import java.util.stream.Stream;
import javax.inject.Inject;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.framework.startlevel.FrameworkStartLevel;
import org.osgi.framework.wiring.FrameworkWiring;

/** On Felix, with packets on their way: bundles are refreshed, start levels change, and no packet is lost for it. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class StageTrafficIT {
    private static final Wire WIRE = new Wire(2);
    private static final int REFRESHES = 5;
    private static final String WORDS = "manx.test.words";

    @Inject
    private BundleContext context;

    @Inject
    private DataPlane dataPlane;

    @Inject
    private Ready ready;

    private List<String> defaults;
    private int swapsBefore;
    private EchoStream stream;

    @Configuration
    public Option[] configuration() throws Exception {
        return PaxBundles.forTests(WIRE, PaxBundles.STAGES_LEVEL - 1);
    }

    @Before
    public void begin() {
        assertThat(ready).isNotNull();
        Await.until("the last of the default stages is there", () -> chain().contains("forward"));
        defaults = chain();
        stream = WIRE.stream();
    }

    @After
    public void removeOwnBundles() throws Exception {
        stream.close();
        OwnBundles.uninstallAll(context);
        Await.until("the bundles of this test are gone", () -> chain().equals(defaults));
    }

    @Test
    public void losesNoStageWhenItsBundleIsRefreshed() {
        remember();
        for (int i = 0; i < REFRESHES; i++) {
            refresh(bundle("io.manx.routes"), "routes");
        }

        assertNothingWentOut();
        assertThat(changes()).filteredOn(what -> what.contains("routes replaced")).hasSize(REFRESHES);
        assertNothingLost();
    }

    @Test
    public void losesNoStageWhenAPackageIsRefreshedThatItImports() throws Exception {
        Bundle words = OwnBundles.start(context, OwnBundles.empty("words", "Export-Package", WORDS));
        Bundle early = OwnBundles.start(
                context, OwnBundles.stage("early", "parse", "", "early", "Import-Package", WORDS));
        Await.until("early is in the pipeline", () -> chain().contains("early"));
        remember();
        for (int i = 0; i < REFRESHES; i++) {
            refresh(words, "early");
        }

        assertThat(early.getState()).isEqualTo(Bundle.ACTIVE);
        assertNothingWentOut();
        assertThat(changes()).filteredOn("early replaced"::equals).hasSize(REFRESHES);
        assertNothingLost();
    }

    @Test
    public void comesAndGoesWithTheStartLevelOfTheFramework() {
        FrameworkStartLevel levels = context.getBundle(0).adapt(FrameworkStartLevel.class);
        try {
            levels.setStartLevel(PaxBundles.STAGES_LEVEL - 1);
            Await.until("below the level of the stages there are none", () -> chain().isEmpty());
            assertThat(stream.alive()).isTrue();
        } finally {
            levels.setStartLevel(PaxBundles.LEVEL);
        }
        Await.until("above it they are back", () -> chain().equals(defaults));
        assertNothingLost();
    }

    @Test
    public void comesAndGoesWithTheStartLevelOfItsBundle() throws Exception {
        BundleStartLevel level = OwnBundles.start(context, OwnBundles.stage("early", "parse", "", "early"))
                .adapt(BundleStartLevel.class);
        Await.until("early is in the pipeline", () -> chain().contains("early"));
        level.setStartLevel(PaxBundles.LEVEL + 1);
        Await.until("above the framework's level it is not", () -> chain().equals(defaults));
        level.setStartLevel(PaxBundles.LEVEL);
        Await.until("at the framework's level it is back", () -> chain().contains("early"));
        assertNothingLost();
    }

    private void refresh(Bundle bundle, String stage) {
        int before = programId(stage);
        context.getBundle(0).adapt(FrameworkWiring.class).refreshBundles(List.of(bundle));
        Await.until(stage + " is loaded again", () -> programId(stage) != before);
    }

    private void remember() {
        swapsBefore = dataPlane.swaps().size();
    }

    private List<String> changes() {
        List<SwapView> swaps = dataPlane.swaps();
        return swaps.subList(swapsBefore, swaps.size()).stream().map(SwapView::what).toList();
    }

    private void assertNothingWentOut() {
        assertThat(changes()).noneMatch(what -> what.contains(" out"));
    }

    private void assertNothingLost() {
        EchoStream.Report report = stream.end();
        assertThat(report.sent()).isPositive();
        assertThat(report.lost()).as("%s", report).isZero();
        assertThat(dataPlane.swaps()).allMatch(swap -> swap.lost() == 0);
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

    /** Of what runs; -1 where nothing of the name does. */
    private int programId(String name) {
        return dataPlane.stages().stream()
                .filter(stage -> stage.name().equals(name) && stage.programId() > 0)
                .mapToInt(StageView::programId)
                .findFirst()
                .orElse(-1);
    }
}
