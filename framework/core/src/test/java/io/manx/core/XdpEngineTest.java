package io.manx.core;

import static io.manx.core.EngineTest.ip;
import static io.manx.core.Offers.compiled;
import static io.manx.core.Offers.offer;
import static io.manx.core.Offers.xdp;
import static org.assertj.core.api.Assertions.assertThat;

import io.manx.core.view.DropView;
import io.manx.core.view.PipelineView;
import io.manx.core.view.PipelineView.StageRow;
import io.manx.core.view.ProgramView;
import io.manx.core.view.StageView;
import io.manx.core.view.SwapView;
import io.manx.libbpf.netlink.RtNetlink;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pipelines on xdp beside those on tc, on a veth and a bridge of this test's own; the bridge's driver knows no xdp. */
class XdpEngineTest {
    private static final String VETH = OwnNames.of("x") + "a";
    private static final String PEER = OwnNames.of("x") + "b";
    private static final String BRIDGE = OwnNames.of("x") + "c";
    private static final InetSocketAddress NOBODY = new InetSocketAddress("192.0.2.2", 9);

    private final StageDescriptor alpha =
            offer("alpha", "1.0.0", List.of(), List.of(), WhichPackets.EVERY, compiled("alpha.bpf.o"));
    private final StageDescriptor xdrop = xdp("xdrop", List.of());
    private final StageDescriptor xpass = xdp("xpass", List.of());

    @TempDir
    Path state;

    private RtNetlink network;
    private Engine engine;

    @BeforeEach
    void start() throws Exception {
        removeLinks();
        assertThat(ip("link", "add", VETH, "type", "veth", "peer", "name", PEER)).isZero();
        assertThat(ip("link", "add", BRIDGE, "type", "bridge")).isZero();
        ip("address", "add", "192.0.2.1/24", "dev", PEER);
        for (String name : List.of(VETH, PEER, BRIDGE)) {
            ip("link", "set", name, "up");
        }
        ip("neighbour", "replace", NOBODY.getHostString(), "lladdr", "02:00:00:00:00:01", "dev", PEER);
        network = new RtNetlink();
        engine = newEngine();
        engine.offer(alpha);
    }

    @AfterEach
    void stop() throws Exception {
        engine.close();
        network.close();
        removeLinks();
    }

    private static void removeLinks() throws Exception {
        ip("link", "delete", VETH);
        ip("link", "delete", BRIDGE);
    }

    @Test
    void refusesAStageOfTheOtherHook() {
        StageDescriptor wrong = new StageDescriptor(
                "alpha", "bundle.wrong", 99, Version.parse("1.0.0"), Hook.XDP, List.of(), List.of(), WhichPackets.EVERY,
                compiled("alpha.bpf.o"), false, java.util.Optional::empty);
        engine.start();
        engine.offer(wrong);

        assertThat(engine.settle("test")).isEmpty();
        assertThat(engine.refusal(wrong).orElseThrow()).contains("section tc").contains("hook=xdp");
        assertThat(attached(VETH)).isEmpty();
    }

    @Test
    void leavesTheHookAloneWithoutAStage() {
        engine.start();

        assertThat(attached(VETH)).isEmpty();
        assertThat(PinRoot.of(state).arrays(Hook.XDP)).doesNotExist();
        assertThat(engine.view().programs()).extracting(ProgramView::stage).noneMatch(stage -> stage.contains("xdp"));
    }

    @Test
    void dropsInADriverOrInItsStead() throws Exception {
        engine.offer(xdrop);
        engine.start();
        assertThat(attached(VETH)).containsExactly("xdp-native");
        assertThat(attached(BRIDGE)).containsExactly("xdp-generic");

        sendUntilDropped();

        assertThat(engine.view().drops())
                .filteredOn(drop -> drop.hook().equals("xdp"))
                .filteredOn(drop -> drop.interfaceName().equals(VETH))
                .extracting(DropView::stage, DropView::reason)
                .containsExactly(org.assertj.core.groups.Tuple.tuple("xdrop", "unwanted"));
    }

    @Test
    void comesAndGoesWithItsStages() {
        engine.start();
        engine.offer(xdrop);
        engine.settle("test");
        assertThat(attached(VETH)).containsExactly("xdp-native");
        engine.offer(xpass);
        engine.settle("test");
        assertThat(xdpPipeline(VETH).lanes().first()).extracting(StageRow::name).containsExactly("xdrop", "xpass");

        engine.withdraw(xdrop);
        engine.withdraw(xpass);
        engine.settle("test");

        assertThat(attached(VETH)).isEmpty();
        assertThat(PinRoot.of(state).arrays(Hook.XDP)).isEmptyDirectory();
        assertThat(engine.view().stages()).extracting(StageView::name).containsExactly("alpha");
        assertThat(engine.view().pipelines()).hasSize(4).allMatch(pipeline -> pipeline.generation() == 1);
    }

    @Test
    void isAdoptedByTheNextRunInItsMode() {
        engine.offer(xpass);
        engine.start();
        engine.close(true);
        engine = newEngine();
        Stream.of(alpha, xpass).forEach(engine::offer);
        engine.start();

        assertThat(attached(VETH)).containsExactly("xdp-native");
        assertThat(attached(BRIDGE)).containsExactly("xdp-generic");
        assertThat(xdpPipeline(VETH).generation()).isEqualTo(2);
        assertThat(PinRoot.of(state).arrays(Hook.XDP)).isDirectoryContaining("glob:**2");
    }

    @Test
    void takesOffWhatAnEarlierRunLeftWhereNoStageIsOnOffer() {
        engine.offer(xpass);
        engine.start();
        engine.close(true);
        engine = newEngine();
        engine.offer(alpha);
        engine.start();

        assertThat(attached(VETH)).isEmpty();
        assertThat(LinkPin.in(PinRoot.of(state).links())).hasSize(4).noneMatch(pin -> pin.isAt(Place.XDP));
    }

    @Test
    void recordsEachChangeWithItsHook() {
        engine.start();
        engine.offer(xdrop);
        engine.settle("test");
        engine.withdraw(xdrop);
        engine.settle("test");

        assertThat(engine.view().swaps())
                .extracting(swap -> swap.hook() + ": " + swap.what() + ", " + swap.outcome())
                .containsExactly("tc: alpha in, done", "xdp: xdrop in, done", "xdp: xdrop out, done");
        assertThat(engine.view().swaps()).extracting(SwapView::why).containsExactly("start", "test", "test");
    }

    private Engine newEngine() {
        return new Engine(new Engine.Options(state, AttachMode.AUTO, Set.of(VETH, BRIDGE)), network);
    }

    private List<String> attached(String interfaceName) {
        return engine.view().pipelines().stream()
                .filter(pipeline -> pipeline.interfaceName().equals(interfaceName) && pipeline.hook().equals("xdp"))
                .map(PipelineView::attach)
                .toList();
    }

    private PipelineView xdpPipeline(String interfaceName) {
        return engine.view().pipelines().stream()
                .filter(pipeline -> pipeline.interfaceName().equals(interfaceName) && pipeline.hook().equals("xdp"))
                .findFirst()
                .orElseThrow();
    }

    /** Datagrams out by the peer, so in by the veth, which takes them when its own softirq runs. */
    private void sendUntilDropped() throws Exception {
        long deadline = System.nanoTime() + 60_000_000_000L;
        try (DatagramSocket socket = new DatagramSocket()) {
            while (xdpPipeline(VETH).lanes().first().get(0).drops() == 0) {
                assertThat(System.nanoTime()).as("a packet is to be dropped on xdp").isLessThan(deadline);
                socket.send(new DatagramPacket(new byte[58], 58, NOBODY));
            }
        }
    }
}
