package io.manx.core;

import static io.manx.core.Offers.compiled;
import static io.manx.core.Offers.offer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.manx.core.view.MapView;
import io.manx.core.view.StageView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The engine on a veth of its own, with stages compiled for this test. */
class EngineTest extends OnVeth {
    private final StageDescriptor alpha = stage("alpha", "1.0.0", "alpha", List.of());
    private final StageDescriptor beta = stage("beta", "1.0.0", "beta", List.of("alpha"));

    EngineTest() {
        super("e");
    }

    @BeforeEach
    void up() throws Exception {
        ip("link", "set", device, "up");
    }

    @Test
    void doesNotStartWithoutAStageThatIsOnOffer() {
        engine.offer(alpha);
        engine.offer(stage("wild", "1.0.0", "wild", List.of()));

        assertThatThrownBy(() -> engine.start()).isInstanceOf(IllegalStateException.class).hasMessageContaining("stage wild");
        assertThat(engine.view().pipelines()).isEmpty();
        engine.close();
        assertThat(PinRoot.of(state).path()).doesNotExist();
        engine = newEngine();
    }

    @Test
    void refusesWhatTheVerifierRefusesAndKeepsThePipeline() {
        begin(alpha);
        engine.offer(stage("wild", "1.0.0", "wild", List.of()));

        assertThat(engine.settle("test")).isEmpty();

        assertThat(chain()).containsExactly("alpha");
        StageView wild = view("wild");
        assertThat(wild.state()).isEqualTo("refused");
        assertThat(wild.why()).contains("bundle.wild").contains("manx_wild").contains("wild.bpf.c");
        assertThat(engine.view().refusalLog("wild")).contains("invalid access to packet");
    }

    @Test
    void refusesANewLayoutOfAMapAndKeepsTheOldVersion() {
        begin(alpha);
        StageDescriptor wider = stage("alpha", "2.0.0", "wider", List.of());
        engine.withdraw(alpha);
        engine.offer(wider);

        assertThat(engine.settle("test")).isEmpty();

        assertThat(engine.refusal(wider).orElseThrow()).contains("bundle.alpha/seen").contains("value bytes 8, now 16");
        assertThat(chain()).containsExactly("alpha");
        assertThat(engine.view().stages()).extracting(StageView::state).containsExactly("held", "refused");
    }

    @Test
    void refusesAnObjectThatIsNone() {
        begin(alpha);
        StageDescriptor none = offer("none", "1.0.0", List.of(), List.of(), WhichPackets.EVERY, () -> "not an ELF".getBytes());
        engine.offer(none);
        engine.settle("test");

        assertThat(engine.refusal(none).orElseThrow()).contains("bundle.none").contains("none.bpf.o");
        assertThat(chain()).containsExactly("alpha");
    }

    @Test
    void flipsAGenerationWhenANewVersionMoves() {
        begin(alpha, beta, stage("gamma", "1.0.0", "gamma", List.of("beta")));
        int generation = engine.view().pipelines().get(0).generation();

        engine.offer(offer("gamma", "2.0.0", List.of(), List.of("alpha"), WhichPackets.EVERY, compiled("gamma.bpf.o")));
        engine.settle("test");

        assertThat(chain()).containsExactly("gamma", "alpha", "beta");
        assertThat(engine.view().pipelines().get(0).generation()).isEqualTo(generation + 1);
    }

    @Test
    void keepsAStageWhoseBundleStopsUntilItIsBackOrTheTimeIsOver() {
        begin(alpha, beta);
        engine.leave(beta, Optional.empty());
        engine.settle("test");
        assertThat(chain()).containsExactly("alpha", "beta");

        engine.leave(beta, Optional.of(java.time.Duration.ZERO));
        engine.settle("test");
        assertThat(chain()).containsExactly("alpha");
    }

    @Test
    void takesWhatWasOfferedDuringAHoldWhenItEnds() {
        begin(alpha);
        engine.hold();
        engine.offer(beta);
        engine.settleSoon(java.time.Duration.ZERO, "test");
        assertThat(chain()).containsExactly("alpha");

        engine.release();
        assertThat(chain()).containsExactly("alpha", "beta");
    }

    @Test
    void leavesAnEarlierRunsDataPlaneWhenItCantStart() {
        begin(alpha);
        engine.close(true);
        engine = newEngine();
        engine.offer(stage("wild", "1.0.0", "wild", List.of()));
        assertThatThrownBy(() -> engine.start()).isInstanceOf(IllegalStateException.class);
        engine.close();

        assertThat(PinRoot.of(state).links()).isNotEmptyDirectory();
        engine = newEngine();
        begin(alpha);
    }

    @Test
    void writesOneRowForOneStage() {
        begin(alpha, beta);
        int generation = engine.view().pipelines().get(0).generation();

        StageDescriptor gamma = stage("gamma", "1.0.0", "gamma", List.of("alpha"));
        engine.offer(gamma);
        Optional<Engine.Settled> in = engine.settle("test");
        assertThat(chain()).containsExactly("alpha", "beta", "gamma");

        engine.withdraw(gamma);
        Optional<Engine.Settled> out = engine.settle("test");
        assertThat(chain()).containsExactly("alpha", "beta");
        assertThat(List.of(in.orElseThrow().generation(), out.orElseThrow().generation())).containsOnly(generation);
    }

    @Test
    void flipsAGenerationForMore() {
        begin(alpha);
        int generation = engine.view().pipelines().get(0).generation();

        engine.offer(beta);
        engine.offer(stage("gamma", "1.0.0", "gamma", List.of("beta")));
        assertThat(engine.settle("test").orElseThrow().generation()).isEqualTo(generation + 1);
        assertThat(chain()).containsExactly("alpha", "beta", "gamma");
    }

    @Test
    void handsTheMapsToTheNextVersion() {
        begin(alpha);
        int map = mapId("bundle.alpha/seen");
        engine.withdraw(alpha);
        engine.offer(stage("alpha", "1.1.0", "alpha", List.of()));
        engine.settle("test");

        assertThat(view("alpha").version()).isEqualTo("1.1.0");
        assertThat(mapId("bundle.alpha/seen")).isEqualTo(map);
    }

    @Test
    void keepsTheMapsOfAVersionThatMayComeBack() {
        begin(alpha, beta);
        int map = mapId("bundle.alpha/seen");
        engine.probations().prepare("bundle.alpha", "1.0.0");
        engine.withdraw(beta);
        engine.withdraw(alpha);
        engine.settle("test");
        assertThat(mapId("bundle.alpha/seen")).isEqualTo(map);

        engine.probations().abandon("bundle.alpha");
        engine.settle("test");
        assertThat(engine.view().maps()).extracting(MapView::name).doesNotContain("bundle.alpha/seen");
    }

    @Test
    void attachesWhenTheInterfaceComesBack() throws Exception {
        begin(alpha);
        ip("link", "delete", device);
        awaitAttach("waiting");
        ip("link", "add", device, "type", "veth", "peer", "name", device + "p");
        awaitAttach("tcx");
    }

    @Test
    void isAdoptedByTheNextRunWithItsMaps() {
        begin(alpha);
        int map = mapId("bundle.alpha/seen");
        engine.close(true);
        assertThat(PinRoot.of(state).links()).isNotEmptyDirectory();

        engine = newEngine();
        begin(alpha);

        assertThat(mapId("bundle.alpha/seen")).isEqualTo(map);
        assertThat(chain()).containsExactly("alpha");
    }

    @Test
    void forgetsTheMapsOfABundleThatTheNextRunHasNoMore() {
        begin(alpha, beta);
        engine.close(true);
        Path maps = PinRoot.of(state).maps();
        assertThat(maps.resolve("bundle:beta+seen")).exists();

        engine = newEngine();
        begin(alpha);
        assertThat(maps.resolve("bundle:beta+seen")).doesNotExist();
        assertThat(maps.resolve("bundle:alpha+seen")).exists();
    }

    @Test
    void keepsTheMapsOfABundleThatIsInstalledAndOffersNothingYet() {
        begin(alpha, beta);
        engine.close(true);

        engine = newEngine();
        engine.offer(alpha);
        engine.start(stage -> true, Set.of("bundle.beta"));
        assertThat(PinRoot.of(state).maps().resolve("bundle:beta+seen")).exists();
    }

    @Test
    void leavesNothingBehind() throws Exception {
        long before = descriptors();
        for (int round = 0; round < 3; round++) {
            begin(alpha, beta);
            engine.close();
            assertThat(PinRoot.of(state).path()).doesNotExist();
            engine = newEngine();
        }
        assertThat(descriptors()).isEqualTo(before);
    }

    private static StageDescriptor stage(String name, String version, String object, List<String> after) {
        return offer(name, version, after, List.of(), WhichPackets.EVERY, compiled(object + ".bpf.o"));
    }

    private StageView view(String name) {
        return engine.view().stages().stream().filter(stage -> stage.name().equals(name)).findFirst().orElseThrow();
    }

    private int mapId(String name) {
        return engine.view().maps().stream().filter(map -> map.name().equals(name)).findFirst().orElseThrow().id();
    }

    private void awaitAttach(String how) throws InterruptedException {
        long deadline = System.nanoTime() + 60_000_000_000L;
        while (!engine.view().pipelines().get(0).attach().equals(how)) {
            assertThat(System.nanoTime()).as("attach is to be " + how).isLessThan(deadline);
            java.util.concurrent.locks.LockSupport.parkNanos(1_000_000);
        }
    }

    /** Of BPF objects: jars and pipes are the JVM's, which closes them when it likes. */
    private static long descriptors() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.filter(EngineTest::isOfBpf).count();
        }
    }

    private static boolean isOfBpf(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString().startsWith("anon_inode:bpf");
        } catch (IOException closedMeanwhile) {
            return false;
        }
    }

    static int ip(String... words) throws IOException, InterruptedException {
        return new ProcessBuilder(Stream.concat(Stream.of("ip"), Stream.of(words)).toList())
                .redirectErrorStream(true)
                .start()
                .waitFor();
    }
}
