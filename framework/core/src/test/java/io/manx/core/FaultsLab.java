package io.manx.core;

import static io.manx.core.EngineTest.ip;
import static org.assertj.core.api.Assertions.assertThat;

import io.manx.core.Steps.Step;
import io.manx.core.view.PipelineView;
import io.manx.libbpf.BpfMap;
import io.manx.libbpf.netlink.RtNetlink;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/**
 * An engine on the two ends of a veth, whose pipeline changes from alpha > beta and back; a test has something happen at
 * a step of the change, and looks at what packets take and what is left over.
 */
abstract class FaultsLab {
    /** How the pipeline under test is attached. */
    enum Way {
        TCX(AttachMode.AUTO, Hook.TC),
        CLSACT(AttachMode.CLSACT, Hook.TC),
        XDP(AttachMode.AUTO, Hook.XDP);

        private final AttachMode mode;
        private final Hook hook;

        Way(AttachMode mode, Hook hook) {
            this.mode = mode;
            this.hook = hook;
        }

        AttachMode mode() {
            return mode;
        }

        Hook hook() {
            return hook;
        }

        /** Of one interface. */
        int places() {
            return Place.of(hook).size();
        }

        /** Stages on xdp are named as those on tc, with an x before it. */
        String stageName(String name) {
            return hook == Hook.XDP ? "x" + name : name;
        }

        private boolean has(PipelineView pipeline) {
            return pipeline.hook().equals("xdp") == (hook == Hook.XDP) && !pipeline.attach().equals("waiting");
        }
    }

    static final String NAMES = OwnNames.of("f");
    static final String NEAR = NAMES + "n";
    static final String FAR = NAMES + "f";
    static final String THIRD = NAMES + "t";
    static final List<String> OLD = List.of("alpha", "beta");
    static final Map<String, List<String>> NEW =
            Map.of("row", List.of("alpha", "beta", "gamma"), "generation", List.of("gamma"));

    private static final int COMES_MILLIS = 60_000;

    @TempDir
    Path state;

    Way way = Way.TCX;
    final List<Step> taken = new ArrayList<>();

    /** The step of the next change at which {@link #fault} comes; none at -1. */
    int failing = -1;

    Runnable fault = () -> {
        throw new IllegalStateException("a fault of this test's");
    };
    RtNetlink network;
    Engine engine;
    StageDescriptor alpha;
    StageDescriptor beta;
    StageDescriptor gamma;

    @BeforeEach
    void start() throws Exception {
        makeInterfaces();
        network = new RtNetlink();
    }

    @AfterEach
    void stop() throws Exception {
        try {
            if (engine != null) {
                engine.close();
            }
        } finally {
            network.close();
            ip("link", "delete", NEAR);
            ip("link", "delete", THIRD);
            removePins();
        }
    }

    // ---- changes

    void begin() {
        begin(NEAR, FAR);
    }

    void begin(String... interfaces) {
        alpha = stage("alpha", List.of());
        beta = stage("beta", List.of("alpha"));
        begin(List.of(alpha, beta), interfaces);
    }

    void begin(List<StageDescriptor> stages, String... interfaces) {
        engine = new Engine(new Engine.Options(state, way.mode, Set.of(interfaces)), network, this::step);
        stages.forEach(engine::offer);
        engine.start();
    }

    private void step(Step step) {
        taken.add(step);
        if (taken.size() - 1 == failing) {
            fault.run();
        }
    }

    void change(String kind) {
        if (kind.equals("generation")) {
            engine.withdraw(alpha);
            engine.withdraw(beta);
        }
        gamma = stage("gamma", List.of());
        engine.offer(gamma);
        taken.clear();
        engine.settle("test");
    }

    boolean changeFails(String kind) {
        try {
            change(kind);
            return false;
        } catch (IllegalStateException e) {
            return true;
        }
    }

    void changeBack(String kind) {
        engine.withdraw(gamma);
        if (kind.equals("generation")) {
            alpha = stage("alpha", List.of());
            beta = stage("beta", List.of("alpha"));
            engine.offer(alpha);
            engine.offer(beta);
        }
        engine.settle("test");
        assertThat(chain()).isEqualTo(OLD);
    }

    private StageDescriptor stage(String name, List<String> after) {
        return way.hook == Hook.XDP
                ? Offers.xdp(way.stageName(name), after.stream().map(way::stageName).toList())
                : KilledEngine.stage(name, after);
    }

    // ---- what is

    List<String> chain() {
        List<List<String>> chains = engine.view().pipelines().stream()
                .filter(way::has)
                .map(pipeline -> pipeline.lanes().first().stream()
                        .map(row -> way.hook == Hook.XDP ? row.name().substring(1) : row.name())
                        .toList())
                .distinct()
                .toList();
        assertThat(chains).as("every attach point has the same").hasSize(1);
        return chains.get(0);
    }

    void awaitAttached(int interfaces) {
        await(interfaces + " interfaces have it attached", () -> engine.view().pipelines().stream()
                .filter(way::has)
                .count() == (long) interfaces * way.places());
    }

    Held held() throws IOException {
        return Held.by(state);
    }

    /** A generation's number differs from one change to the next. */
    static List<String> generationless(List<String> pins) {
        return pins.stream().map(pin -> pin.replaceAll("/(arrays|arrays-xdp)/[0-9]+$", "/$1/N")).toList();
    }

    Path seen(String stage) {
        return PinRoot.of(state).maps().resolve("bundle:" + way.stageName(stage) + "+seen");
    }

    private long count(String stage) {
        if (!Files.exists(seen(stage))) {
            return 0;
        }
        try (BpfMap map = BpfMap.open(seen(stage))) {
            ByteBuffer zero = ByteBuffer.allocate(4);
            return map.get(zero).orElseThrow().order(ByteOrder.nativeOrder()).getLong(0);
        }
    }

    private Map<String, Long> counts() {
        Map<String, Long> counts = new TreeMap<>();
        List.of("alpha", "beta", "gamma").forEach(stage -> counts.put(stage, count(stage)));
        return counts;
    }

    List<String> taken() throws IOException {
        Map<String, Long> before = counts();
        sendThrough();
        Map<String, Long> after = counts();
        return after.keySet().stream().filter(stage -> after.get(stage) > before.get(stage)).toList();
    }

    void assertPacketsTake(List<String> chain) throws IOException {
        assertThat(taken()).isEqualTo(chain.stream().sorted().toList());
    }

    /** To all nodes at the far end's link, and so in by the near end; returns once it has come. */
    static void sendThrough() throws IOException {
        int far = NetworkInterface.getByName(FAR).getIndex();
        int near = NetworkInterface.getByName(NEAR).getIndex();
        InetAddress all = Inet6Address.getByAddress(
                null, InetAddress.getByName("ff02::1").getAddress(), far);
        DatagramPacket packet = new DatagramPacket(new byte[64], 64);
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.setSoTimeout(COMES_MILLIS);
            socket.send(new DatagramPacket(new byte[64], 64, all, socket.getLocalPort()));
            do {
                socket.receive(packet);
            } while (!(packet.getAddress() instanceof Inet6Address sender && sender.getScopeId() == near));
        }
    }

    static void await(String what, BooleanSupplier is) {
        long deadline = System.nanoTime() + 60_000_000_000L;
        while (!is.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(deadline);
            java.util.concurrent.locks.LockSupport.parkNanos(1_000_000);
        }
    }

    private static void makeInterfaces() throws IOException, InterruptedException {
        ip("link", "delete", NEAR);
        assertThat(ip("link", "add", NEAR, "type", "veth", "peer", "name", FAR)).isZero();
        for (String name : List.of(NEAR, FAR)) {
            ip("link", "set", name, "addrgenmode", "none");
            ip("link", "set", name, "up");
            ip("addr", "add", name.equals(NEAR) ? "fe80::fa:1/64" : "fe80::fa:2/64", "dev", name, "nodad");
        }
    }

    /** What a killed process has left, where a test failed before the next run took it over. */
    private void removePins() throws IOException {
        Path root = PinRoot.of(state).path();
        if (Files.exists(root)) {
            try (Stream<Path> pins = Files.walk(root)) {
                for (Path pin : pins.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(pin);
                }
            }
        }
    }
}
