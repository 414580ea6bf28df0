package io.manx.core;

import static io.manx.core.EngineTest.ip;
import static io.manx.core.KilledEngine.stage;
import static io.manx.core.Offers.compiled;
import static io.manx.core.Offers.offer;
import static io.manx.core.Offers.xdp;
import static io.manx.core.Specs.ordered;
import static io.manx.core.Specs.resources;
import static io.manx.core.Specs.without;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.manx.api.resource.Pipeline;
import io.manx.core.view.PipelineView;
import io.manx.core.view.PipelineView.StageRow;
import io.manx.core.view.PositionView;
import io.manx.core.view.ProgramView;
import io.manx.core.view.SwapView;
import io.manx.libbpf.netlink.RtNetlink;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two interfaces with pipelines of their own, on veths of this test's; datagrams come in by both. */
class SeveralPipelinesTest {
    private static final String NAMES = OwnNames.of("s");
    private static final String ONE = NAMES + "a";
    private static final String TWO = NAMES + "b";
    private static final Pipeline EDGE = without("edge", List.of(TWO), "beta");

    private final StageDescriptor alpha = stage("alpha", List.of());
    private final StageDescriptor beta = stage("beta", List.of("alpha"));
    private final StageDescriptor gamma = stage("gamma", List.of("alpha"));

    @TempDir
    Path state;

    private RtNetlink network;
    private Engine engine;

    @BeforeEach
    void start() throws Exception {
        removeLinks();
        Datagrams.link(ONE);
        Datagrams.link(TWO);
        network = new RtNetlink();
        engine = newEngine();
    }

    @AfterEach
    void stop() throws Exception {
        try {
            engine.close();
        } finally {
            network.close();
            removeLinks();
        }
    }

    private static void removeLinks() throws Exception {
        ip("link", "delete", ONE);
        ip("link", "delete", TWO);
    }

    @Test
    void refusesAPipelineThatAStageContradictsAndKeepsWhatRuns() {
        begin(EDGE);

        assertThatThrownBy(() -> engine.resources(resources(ordered("edge", List.of(TWO), "beta", "alpha"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Pipeline edge (edge.yaml:1) puts beta (bundle bundle.beta) before alpha");

        assertThat(chain(TWO)).containsExactly("alpha");
        engine.settle("test");
        assertThat(chain(TWO)).containsExactly("alpha");
    }

    @Test
    void doesNotStartWithAPipelineThatAStageContradicts() {
        engine.resources(resources(ordered("edge", List.of(TWO), "beta", "alpha")));
        Stream.of(alpha, beta).forEach(engine::offer);

        assertThatThrownBy(() -> engine.start(stage -> false, Set.of())).hasMessageContaining("Pipeline edge (edge.yaml:1)");
    }

    @Test
    void refusesAStageThatContradictsAPipelineAndTakesItWhenThatIsGone() {
        begin(EDGE);
        StageDescriptor needy = stage("gamma", List.of("beta"));
        engine.offer(needy);

        assertThat(engine.settle("test")).isEmpty();
        assertThat(engine.refusal(needy).orElseThrow()).contains("gamma must follow beta, which Pipeline edge");

        engine.resources(resources(ordered("edge", List.of(TWO), "alpha")));
        assertThat(engine.refusal(needy)).isEmpty();
        assertThat(chain(ONE)).containsExactly("alpha", "beta", "gamma");
        assertThat(chain(TWO)).containsExactly("alpha");
    }

    @Test
    void givesEachInterfaceItsOwnAndSharesWhatIsTheSame() {
        begin(EDGE, without("peer", List.of(Datagrams.peer(TWO)), "beta"));

        assertThat(chain(ONE)).containsExactly("alpha", "beta");
        assertThat(chain(TWO)).containsExactly("alpha");
        assertThat(chain(Datagrams.peer(TWO))).containsExactly("alpha");
        assertThat(first(TWO, "alpha").programId())
                .isEqualTo(first(Datagrams.peer(TWO), "alpha").programId())
                .isNotEqualTo(first(ONE, "alpha").programId());
        assertThat(first(TWO, "alpha").slot()).isEqualTo(first(ONE, "alpha").slot());
        assertThat(PinRoot.of(state).arrays(Hook.TC)).isDirectoryContaining("glob:**1").isDirectoryContaining("glob:**2");
    }

    @Test
    void closesAPipelineThatNoInterfaceHas() {
        begin(EDGE);
        engine.resources(resources());

        assertThat(chain(TWO)).containsExactly("alpha", "beta");
        assertThat(engine.view().programs()).extracting(ProgramView::stage).containsOnlyOnce("alpha", "beta", "exit");
        assertThat(PinRoot.of(state).arrays(Hook.TC)).isDirectoryContaining("glob:**1").isDirectoryNotContaining("glob:**2");
        assertThat(engine.view().swaps().get(engine.view().swaps().size() - 1))
                .extracting(SwapView::what, SwapView::why)
                .containsExactly(TWO + ": beta in", "resources");
    }

    @Test
    void waitsForAStageThatAnOrderNamesAndSaysSo() {
        begin(EDGE);
        engine.resources(resources(ordered("edge", List.of(TWO), "gamma", "alpha")));
        assertThat(chain(TWO)).containsExactly("alpha");
        assertThat(engine.view().positions())
                .filteredOn(view -> view.state().equals("missing"))
                .extracting(PositionView::pipeline, PositionView::stage)
                .containsExactly(org.assertj.core.groups.Tuple.tuple("edge", "gamma"));

        engine.offer(stage("gamma", List.of()));
        engine.settle("test");
        assertThat(chain(TWO)).containsExactly("gamma", "alpha");
        assertThat(chain(ONE)).containsExactly("alpha", "beta", "gamma");
        assertThat(engine.view().positions())
                .filteredOn(view -> view.pipeline().equals("edge"))
                .extracting(view -> view.position() + " " + view.stage() + ": " + view.reasons().get(0))
                .containsExactly(
                        "1 gamma: here by the order of Pipeline edge (edge.yaml:1)",
                        "2 alpha: here by the order of Pipeline edge (edge.yaml:1)",
                        "0 beta: left out by Pipeline edge (edge.yaml:1)");
    }

    @Test
    void losesNothingWhenASharedStageIsReplacedInAllPipelines() {
        begin(EDGE);
        int before = engine.view().swaps().size();
        List<Integer> generations = generations();
        StageDescriptor running = alpha;
        Datagrams.Report report;
        try (Datagrams traffic = Datagrams.into(ONE, TWO)) {
            for (int version = 1; version <= 20; version++) {
                traffic.await(50);
                StageDescriptor next = offer("alpha", "1." + version + ".0", List.of(), List.of(), WhichPackets.EVERY, compiled("alpha.bpf.o"));
                engine.withdraw(running);
                engine.offer(next);
                assertThat(engine.settle("test")).isPresent();
                running = next;
            }
            report = traffic.end();
        }

        assertThat(report.received()).isEqualTo(report.sent());
        assertThat(generations()).as("rows were written, no array made").isEqualTo(generations);
        assertThat(engine.view().swaps()).hasSize(before + 20);
        assertThat(engine.view().swaps()).extracting(SwapView::lost).containsOnly(0L);
        assertThat(Stream.of(ONE, TWO).map(name -> first(name, "alpha").version())).containsOnly("1.20.0");
        assertThat(first(ONE, "alpha").packets() + first(TWO, "alpha").packets()).isGreaterThanOrEqualTo(report.sent());
    }

    @Test
    void losesNothingWhenAnInterfaceMovesFromPipelineToPipeline() {
        begin();
        engine.offer(gamma);
        engine.settle("test");
        int generation = pipeline(ONE).generation();
        Datagrams.Report report;
        try (Datagrams traffic = Datagrams.into(ONE, TWO)) {
            for (int round = 0; round < 10; round++) {
                for (Pipeline spec : List.of(EDGE, ordered("edge", List.of(TWO), "alpha", "gamma", "beta"))) {
                    traffic.await(50);
                    engine.resources(resources(spec));
                }
                assertThat(chain(TWO)).containsExactly("alpha", "gamma", "beta");
                engine.resources(resources());
                assertThat(chain(TWO)).containsExactly("alpha", "beta", "gamma");
            }
            report = traffic.end();
        }

        assertThat(report.received()).isEqualTo(report.sent());
        assertThat(generations()).as("the other's stays").containsOnly(generation);
        assertThat(engine.view().swaps()).extracting(SwapView::lost).containsOnly(0L);
        assertThat(first(TWO, "alpha").packets()).isGreaterThanOrEqualTo(report.sent() / 2);
    }

    @Test
    void isAdoptedByTheNextRun() {
        begin(EDGE);
        Datagrams.Report report;
        try (Datagrams traffic = Datagrams.into(ONE, TWO)) {
            for (int round = 0; round < 3; round++) {
                traffic.await(50);
                engine.close(true);
                traffic.await(50);
                engine = newEngine();
                begin(EDGE);
            }
            report = traffic.end();
        }

        assertThat(report.received()).isEqualTo(report.sent());
        assertThat(chain(ONE)).containsExactly("alpha", "beta");
        assertThat(chain(TWO)).containsExactly("alpha");
        assertThat(Set.copyOf(generations())).containsExactlyInAnyOrder(7, 8);
        assertThat(PinRoot.of(state).arrays(Hook.TC)).isDirectoryNotContaining("glob:**/[1-6]");
    }

    @Test
    void attachesToAnInterfaceThatOnlyAPipelineNamesAndOnXdpWhereThereAreStages() {
        Pipeline early = new Pipeline("early", EDGE.source(), "xdp", List.of(TWO), List.of("xpass"), List.of());
        Pipeline none = new Pipeline("none", EDGE.source(), "xdp", List.of(), List.of(), List.of("xpass"));
        engine.offer(xdp("xpass", List.of()));
        begin(early, none);
        assertThat(hooks(ONE)).containsExactly("tc-ingress", "tc-egress");
        assertThat(hooks(TWO)).containsExactly("xdp", "tc-ingress", "tc-egress");

        engine.resources(resources(none, ordered("peer", List.of(Datagrams.peer(ONE)), "alpha")));
        assertThat(hooks(TWO)).containsExactly("tc-ingress", "tc-egress");
        assertThat(hooks(Datagrams.peer(ONE))).containsExactly("tc-ingress", "tc-egress");
        engine.resources(resources());
        assertThat(hooks(TWO)).containsExactly("xdp", "tc-ingress", "tc-egress");
        assertThat(hooks(Datagrams.peer(ONE))).isEmpty();
    }

    private Engine newEngine() {
        return new Engine(new Engine.Options(state, AttachMode.AUTO, Set.of(ONE, TWO)), network);
    }

    private void begin(Pipeline... specs) {
        engine.resources(resources(specs));
        Stream.of(alpha, beta).forEach(engine::offer);
        engine.start();
    }

    private PipelineView pipeline(String interfaceName) {
        return engine.view().pipelines().stream()
                .filter(view -> view.interfaceName().equals(interfaceName) && view.hook().equals("tc-ingress"))
                .findFirst()
                .orElseThrow();
    }

    private List<String> hooks(String interfaceName) {
        return engine.view().pipelines().stream()
                .filter(view -> view.interfaceName().equals(interfaceName))
                .map(PipelineView::hook)
                .toList();
    }

    private List<String> chain(String interfaceName) {
        return pipeline(interfaceName).lanes().first().stream().map(StageRow::name).toList();
    }

    private StageRow first(String interfaceName, String stage) {
        return pipeline(interfaceName).lanes().first().stream()
                .filter(row -> row.name().equals(stage))
                .findFirst()
                .orElseThrow();
    }

    private List<Integer> generations() {
        return engine.view().pipelines().stream().map(PipelineView::generation).toList();
    }
}
