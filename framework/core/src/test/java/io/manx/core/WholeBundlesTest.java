package io.manx.core;

import static io.manx.core.EngineTest.ip;
import static io.manx.core.Offers.compiled;
import static org.assertj.core.api.Assertions.assertThat;

import io.manx.api.stage.StageControl;
import io.manx.core.StageDescriptor.ObjectSource;
import io.manx.core.view.PipelineView.StageRow;
import io.manx.core.view.StageView;
import io.manx.libbpf.netlink.RtNetlink;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A bundle of two stages, one of which is refused by the real kernel, the contract or its control: neither goes in. */
class WholeBundlesTest {
    private static final String INTERFACE = OwnNames.of("w");
    private static final Supplier<Optional<StageControl>> NO_CONTROL = Optional::empty;

    @TempDir
    Path state;

    private RtNetlink network;
    private Engine engine;
    private List<StageDescriptor> first;

    @BeforeEach
    void start() throws Exception {
        assertThat(ip("link", "add", INTERFACE, "type", "veth", "peer", "name", INTERFACE + "p")).isZero();
        network = new RtNetlink();
        engine = new Engine(new Engine.Options(state, AttachMode.AUTO, Set.of(INTERFACE)), network);
        first = pair(1, "beta.bpf.o");
        first.forEach(engine::offer);
        engine.offer(KilledEngine.stage("gamma", List.of("beta")));
        engine.start();
    }

    @AfterEach
    void stop() throws Exception {
        try {
            engine.close();
        } finally {
            network.close();
            ip("link", "delete", INTERFACE);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            careless.bpf.o | careless.bpf.c:8
            misfit.bpf.o   | destination_port
            huge.bpf.o     | memory
            gamma.bpf.o    | has no program manx_beta
            """)
    void leavesBothVersionsOfABundleAsTheyWereWhenOneStageIsRefused(String object, String why) throws Exception {
        Held before = Held.by(state);
        List<StageDescriptor> second = update(pair(2, object));

        assertThat(engine.refusal(second.get(1)).orElseThrow()).contains("bundle.pair", "stage beta", why);
        assertRuns("1.0.0");
        assertThat(waits(second.get(0))).isEqualTo("stage beta of the same bundle bundle.pair was refused");
        assertThat(Held.by(state)).isEqualTo(before);

        second.forEach(engine::withdraw);
        update(pair(3, "beta.bpf.o"));
        assertRuns("3.0.0");
    }

    @Test
    void takesBackTheOtherStageWhenAControlFails() throws Exception {
        Held before = Held.by(state);
        StageControl failing = new FailingControl(() -> new IOException("no memory for its tables"), null, null);
        List<StageDescriptor> second = update(pair(2, "beta.bpf.o", () -> Optional.of(failing)));

        assertThat(engine.refusal(second.get(1)).orElseThrow()).contains("no memory for its tables");
        assertRuns("1.0.0");
        assertThat(Held.by(state)).isEqualTo(before);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            xwild.bpf.o | xwild.bpf.c:6
            alpha.bpf.o | has no program manx_xwild
            """)
    void keepsTheTcStagesOutWhenTheXdpStageOfTheirBundleIsRefused(String object, String why) throws Exception {
        Held before = Held.by(state);
        StageDescriptor refused = xdp("xwild", 2, object);
        List<StageDescriptor> second = update(with(pair(2, "beta.bpf.o"), refused));

        assertThat(engine.refusal(refused).orElseThrow()).contains("bundle.pair", "stage xwild", why);
        assertRuns("1.0.0");
        assertThat(waits(second.get(0))).isEqualTo("stage xwild of the same bundle bundle.pair was refused");
        assertThat(Held.by(state)).isEqualTo(before);

        second.forEach(engine::withdraw);
        update(with(pair(3, "beta.bpf.o"), xdp("xpass", 3, "xpass.bpf.o")));
        assertRuns("3.0.0");
        assertThat(engine.view().pipelines()).filteredOn(pipeline -> pipeline.hook().equals("xdp"))
                .flatExtracting(pipeline -> pipeline.lanes().first())
                .extracting(StageRow::name)
                .containsExactly("xpass");
    }

    /** It is told once its stage is loaded, when those on tc stand ready too. */
    @Test
    void keepsTheTcStagesOutWhenTheControlOfTheXdpStageOfTheirBundleFails() throws Exception {
        Held before = Held.by(state);
        StageControl failing = new FailingControl(() -> new IOException("no memory for its tables"), null, null);
        StageDescriptor refused =
                stage(Hook.XDP, "xpass", 2, List.of(), compiled("xpass.bpf.o"), () -> Optional.of(failing));
        update(with(pair(2, "beta.bpf.o"), refused));

        assertThat(engine.refusal(refused).orElseThrow()).contains("no memory for its tables");
        assertRuns("1.0.0");
        assertThat(Held.by(state)).isEqualTo(before);
    }

    @Test
    void changesSeparateBundlesAlthoughOneOfThemIsRefused() {
        StageDescriptor wild = Offers.offer("wild", "1.0.0", List.of(), List.of(), WhichPackets.EVERY, compiled("wild.bpf.o"));
        engine.offer(wild);
        update(pair(2, "beta.bpf.o"));

        assertThat(engine.refusal(wild)).isPresent();
        assertRuns("2.0.0");
    }

    // ---- a bundle of alpha and beta

    private List<StageDescriptor> update(List<StageDescriptor> next) {
        first.forEach(engine::withdraw);
        next.forEach(engine::offer);
        engine.settle("test");
        return next;
    }

    private static List<StageDescriptor> pair(int version, String beta) {
        return pair(version, beta, NO_CONTROL);
    }

    private static List<StageDescriptor> pair(
            int version, String beta, Supplier<Optional<StageControl>> control) {
        return List.of(
                stage("alpha", version, List.of(), compiled("alpha.bpf.o"), NO_CONTROL),
                stage("beta", version, List.of("alpha"), compiled(beta), control));
    }

    private static List<StageDescriptor> with(List<StageDescriptor> pair, StageDescriptor third) {
        return Stream.concat(pair.stream(), Stream.of(third)).toList();
    }

    private static StageDescriptor xdp(String name, int version, String object) {
        return stage(Hook.XDP, name, version, List.of(), compiled(object), NO_CONTROL);
    }

    private static StageDescriptor stage(
            String name, int version, List<String> after, ObjectSource object, Supplier<Optional<StageControl>> control) {
        return stage(Hook.TC, name, version, after, object, control);
    }

    private static StageDescriptor stage(
            Hook hook,
            String name,
            int version,
            List<String> after,
            ObjectSource object,
            Supplier<Optional<StageControl>> control) {
        return new StageDescriptor(
                name, "bundle.pair", 1000 + version, Version.parse(version + ".0.0"), hook, after, List.of(), WhichPackets.EVERY,
                object, control != NO_CONTROL, control);
    }

    // ---- what is

    private void assertRuns(String version) {
        List<StageRow> chain = engine.view().pipelines().stream()
                .filter(pipeline -> pipeline.hook().equals("tc-ingress"))
                .findFirst()
                .orElseThrow()
                .lanes().first();
        assertThat(chain).extracting(StageRow::name).containsExactly("alpha", "beta", "gamma");
        assertThat(chain.subList(0, 2)).extracting(StageRow::version).containsOnly(version);
    }

    private String waits(StageDescriptor stage) {
        return engine.view().stages().stream()
                .filter(view -> view.name().equals(stage.name()) && view.version().equals(stage.version().toString()))
                .map(StageView::why)
                .findFirst()
                .orElseThrow();
    }
}
