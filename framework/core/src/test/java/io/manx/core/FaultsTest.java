package io.manx.core;

import static io.manx.core.EngineTest.ip;
import static io.manx.core.KilledEngine.stage;
import static io.manx.core.Offers.compiled;
import static io.manx.core.Offers.offer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.manx.api.stage.StageControl;
import io.manx.core.Steps.Step;
import io.manx.core.view.PipelineView.StageRow;
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
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Each step of a change fails in turn: all attach points then have the old pipeline, or all the new one, nothing is left
 * over, and the next good change works. The process ends before each step in turn: each attach point then has one of the
 * two as a whole, though not all the same where the process ended between their link updates, and the next run gives all
 * of them one.
 */
class FaultsTest {
    private static final String NAMES = OwnNames.of("f");
    private static final String NEAR = NAMES + "n";
    private static final String FAR = NAMES + "f";
    private static final String THIRD = NAMES + "t";
    private static final int COMES_MILLIS = 60_000;
    private static final List<String> OLD = List.of("alpha", "beta");
    private static final Map<String, List<String>> NEW =
            Map.of("row", List.of("alpha", "beta", "gamma"), "generation", List.of("gamma"));

    /** Closing is what these do: where they don't take place at all, there is something left over. */
    private static final Set<Step> CLOSING =
            EnumSet.of(Step.CLOSE_ENTRY, Step.CLOSE_STAGE, Step.CLEAR_ROW, Step.UNPIN_ARRAY);

    @TempDir
    Path state;

    private final List<Step> taken = new ArrayList<>();
    private int failing = -1;
    private boolean vanishing;
    private RtNetlink network;
    private Engine engine;
    private StageDescriptor alpha;
    private StageDescriptor beta;
    private StageDescriptor gamma;

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

    @ParameterizedTest
    @ValueSource(strings = {"row", "generation"})
    void isWhollyOldOrNewWhicheverStepFails(String kind) throws Exception {
        begin();
        change(kind);
        List<Step> all = List.copyOf(taken);
        Held whenNew = held();
        changeBack(kind);
        Held whenOld = held();
        assertThat(all).hasSizeGreaterThan(5);

        for (int step = 0; step < all.size(); step++) {
            if (CLOSING.contains(all.get(step)) || isRefusalAmongOthers(kind, all.get(step))) {
                continue;
            }
            failing = step;
            boolean refused = changeFails(kind);
            failing = -1;
            boolean isNew = chain().equals(NEW.get(kind));
            String when = kind + " fails at " + all.get(step) + ", step " + step + (refused ? ", thrown" : "");
            assertThat(chain()).as(when).isEqualTo(isNew ? NEW.get(kind) : OLD);
            assertThat(isNew).as(when).isEqualTo(all.get(step).ordinal() >= Step.COUNT_PACKETS.ordinal());
            assertThat(held().descriptors()).as(when).isEqualTo((isNew ? whenNew : whenOld).descriptors());
            assertThat(generationless(held().pins())).as(when).isEqualTo(generationless((isNew ? whenNew : whenOld).pins()));
            assertPacketsTake(chain());
            changeBack(kind);
            change(kind);
            assertThat(chain()).as("after " + when).isEqualTo(NEW.get(kind));
            changeBack(kind);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"row", "generation"})
    void isWhollyOldOrNewWhereverTheProcessEnds(String kind) throws Exception {
        begin();
        change(kind);
        List<Step> all = List.copyOf(taken);
        engine.close();
        engine = null;
        for (int step = 0; step < all.size(); step++) {
            if (isLikeTheOneBefore(all, step)) {
                continue;
            }
            String when = kind + " killed before " + all.get(step) + ", step " + step;
            assertThat(killedBefore(step, kind)).as(when).isEqualTo(KilledEngine.KILLED);
            assertThat(taken()).as(when).isIn(whole(all.get(step), kind));
            begin();
            assertThat(chain()).as(when).isEqualTo(OLD);
            assertPacketsTake(OLD);
            try (Stream<Path> arrays = Files.list(PinRoot.of(state).arrays(Hook.TC))) {
                assertThat(arrays).hasSize(1);
            }
            engine.close();
            engine = null;
            assertThat(PinRoot.of(state).path()).doesNotExist();
        }
    }

    @Test
    void leavesNothingOfAStageWhoseControlFails() throws Exception {
        begin();
        Held before = held();
        List<StageControl> controls = List.of(
                control(() -> new IOException("loaded"), null),
                control(() -> new NoClassDefFoundError("loaded"), null),
                control(null, () -> new IllegalStateException("resources")));
        for (StageControl control : controls) {
            StageDescriptor gamma = controlled(control);
            engine.offer(gamma);
            assertThat(engine.settle("test")).isEmpty();
            assertThat(engine.refusal(gamma)).isPresent();
            assertThat(chain()).isEqualTo(OLD);
            assertThat(held()).isEqualTo(before);
            engine.withdraw(gamma);
        }
        assertPacketsTake(OLD);
    }

    @Test
    void goesOnWhenAControlFailsAtItsEnd() throws Exception {
        begin();
        Held before = held();
        StageDescriptor gamma = controlled(new FailingControl(null, null, () -> new NoClassDefFoundError("unloaded")));
        engine.offer(gamma);
        engine.settle("test");
        assertThat(chain()).contains("gamma");
        engine.withdraw(gamma);
        engine.settle("test");

        assertThat(chain()).isEqualTo(OLD);
        assertThat(held()).isEqualTo(before);
        assertPacketsTake(OLD);
    }

    @Test
    void leavesNothingOfAnObjectThatIsRefused() throws Exception {
        begin();
        Held before = held();
        List<StageDescriptor> bad = List.of(
                offer("none", "1.0.0", List.of(), List.of(), true, () -> "not an ELF".getBytes()),
                offer("wild", "1.0.0", List.of(), List.of(), true, compiled("wild.bpf.o")),
                offer("alpha", "2.0.0", List.of(), List.of(), true, compiled("wider.bpf.o")),
                offer("misnamed", "1.0.0", List.of(), List.of(), true, compiled("gamma.bpf.o")));
        for (StageDescriptor stage : bad) {
            engine.offer(stage);
            assertThat(engine.settle("test")).as(stage.toString()).isEmpty();
            assertThat(engine.refusal(stage)).as(stage.toString()).isPresent();
            assertThat(held()).as(stage.toString()).isEqualTo(before);
            engine.withdraw(stage);
        }
        assertThat(chain()).isEqualTo(OLD);
        assertPacketsTake(OLD);
    }

    @Test
    void changesTheOthersWhenAnInterfaceVanishesMidway() throws Exception {
        assertThat(ip("link", "add", THIRD, "type", "veth", "peer", "name", NAMES + "p")).isZero();
        begin(NEAR, FAR, THIRD);
        change("generation");
        int update = taken.indexOf(Step.UPDATE_LINK);
        changeBack("generation");
        vanishing = true;
        failing = update;
        change("generation");
        failing = -1;

        awaitAttached(4);
        assertThat(chain()).isEqualTo(NEW.get("generation"));
        assertPacketsTake(NEW.get("generation"));
        assertThat(ip("link", "add", THIRD, "type", "veth", "peer", "name", NAMES + "p")).isZero();
        awaitAttached(6);
        changeBack("generation");
        assertPacketsTake(OLD);
    }

    @Test
    void keepsTheOldWhenThePinOfTheArrayIsTaken() throws Exception {
        begin();
        Held before = held();
        int next = engine.view().pipelines().get(0).generation() + 1;
        Path taken = PinRoot.of(state).arrays(Hook.TC).resolve(Integer.toString(next));
        try (BpfMap map = BpfMap.open(seen("alpha"))) {
            map.pin(taken);
        }
        assertThatThrownBy(() -> change("generation")).hasMessageContaining("pin");
        Files.delete(taken);

        assertThat(chain()).isEqualTo(OLD);
        assertThat(held()).isEqualTo(before);
        assertPacketsTake(OLD);
        engine.settle("test");
        assertThat(chain()).isEqualTo(NEW.get("generation"));
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

    // ---- changes

    private void begin() {
        begin(NEAR, FAR);
    }

    private void begin(String... interfaces) {
        engine = new Engine(new Engine.Options(state, AttachMode.AUTO, Set.of(interfaces)), network, this::step);
        alpha = stage("alpha", List.of());
        beta = stage("beta", List.of("alpha"));
        engine.offer(alpha);
        engine.offer(beta);
        engine.start();
    }

    private void step(Step step) {
        taken.add(step);
        if (taken.size() - 1 == failing) {
            if (!vanishing) {
                throw new IllegalStateException("a fault of this test's");
            }
            deleteThird();
        }
    }

    private void change(String kind) {
        if (kind.equals("generation")) {
            engine.withdraw(alpha);
            engine.withdraw(beta);
        }
        gamma = stage("gamma", List.of());
        engine.offer(gamma);
        taken.clear();
        engine.settle("test");
    }

    private boolean changeFails(String kind) {
        try {
            change(kind);
            return false;
        } catch (IllegalStateException e) {
            return true;
        }
    }

    private void changeBack(String kind) {
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

    /** A refused stage doesn't keep the two that are withdrawn: that is a change of its own, to neither old nor new. */
    private static boolean isRefusalAmongOthers(String kind, Step step) {
        return kind.equals("generation") && step == Step.TELL_LOADED;
    }

    /** Of equal steps in a row the first is tried, and of those that packets can see each. */
    private static boolean isLikeTheOneBefore(List<Step> all, int step) {
        return step > 0
                && all.get(step - 1) == all.get(step)
                && !EnumSet.of(Step.WRITE_ROWS, Step.UPDATE_LINK).contains(all.get(step));
    }

    /**
     * A generation is switched attach point by attach point, each of them wholly. A packet of this test meets two: the
     * far end's egress, then the near end's ingress.
     */
    private static List<List<String>> whole(Step step, String kind) {
        List<String> both = List.of("alpha", "beta", "gamma");
        return step == Step.UPDATE_LINK ? List.of(OLD, NEW.get(kind), both) : List.of(OLD, NEW.get(kind));
    }

    private int killedBefore(int step, String kind) throws Exception {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        KilledEngine.class.getName(),
                        state.toString(),
                        NEAR + "," + FAR,
                        Integer.toString(step),
                        kind)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }

    // ---- what is

    private List<String> chain() {
        List<List<String>> chains = engine.view().pipelines().stream()
                .filter(pipeline -> !pipeline.attach().equals("waiting"))
                .map(pipeline -> pipeline.lanes().first().stream().map(StageRow::name).toList())
                .distinct()
                .toList();
        assertThat(chains).as("every attach point has the same").hasSize(1);
        return chains.get(0);
    }

    private void awaitAttached(int points) {
        await(points + " points are attached", () -> engine.view().pipelines().stream()
                .filter(pipeline -> pipeline.attach().equals("tcx"))
                .count() == points);
    }

    private Held held() throws IOException {
        return Held.by(state);
    }

    /** A generation's number differs from one change to the next. */
    private static List<String> generationless(List<String> pins) {
        return pins.stream().map(pin -> pin.replaceAll("/arrays/[0-9]+$", "/arrays/N")).toList();
    }

    private Path seen(String stage) {
        return PinRoot.of(state).maps().resolve("bundle:" + stage + "+seen");
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

    private List<String> taken() throws IOException {
        Map<String, Long> before = counts();
        sendThrough();
        Map<String, Long> after = counts();
        return after.keySet().stream().filter(stage -> after.get(stage) > before.get(stage)).toList();
    }

    private void assertPacketsTake(List<String> chain) throws IOException {
        assertThat(taken()).isEqualTo(chain.stream().sorted().toList());
    }

    /** To all nodes at the far end's link, and so in by the near end; returns once it has come. */
    private static void sendThrough() throws IOException {
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

    private static void await(String what, BooleanSupplier is) {
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

    private static void deleteThird() {
        try {
            ip("link", "delete", THIRD);
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException("deleting " + THIRD, e);
        }
    }

    // ---- controls that fail

    private static StageDescriptor controlled(StageControl control) {
        StageDescriptor plain = stage("gamma", List.of());
        return new StageDescriptor(
                plain.name(), plain.bundle(), plain.bundleId(), plain.version(), plain.hook(), plain.after(),
                plain.before(), plain.everyPacket(), plain.object(), true, () -> Optional.of(control));
    }

    private static StageControl control(Supplier<Throwable> loaded, Supplier<Throwable> resources) {
        return new FailingControl(loaded, resources, null);
    }
}
