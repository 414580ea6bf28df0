package io.manx.itest.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.manx.core.AttachMode;
import io.manx.core.Engine;
import io.manx.core.Hook;
import io.manx.core.StageDescriptor;
import io.manx.core.Version;
import io.manx.core.WhichPackets;
import io.manx.core.view.DropView;
import io.manx.core.view.PipelineView.StageRow;
import io.manx.itest.Await;
import io.manx.itest.JavaProgram;
import io.manx.itest.e2e.Stamps.Side;
import io.manx.libbpf.netlink.RtNetlink;
import io.manx.testkit.Namespace;
import io.manx.testkit.Namespaces;
import io.manx.testkit.Outcome;
import io.manx.testkit.Packets;
import io.manx.testkit.Running;
import io.manx.testkit.StageHarness;
import io.manx.testkit.Verdict;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two stages that must be of one version (stamp.h) are replaced together, over and over, while packets go through them:
 * none meets the one of the old pipeline and the other of the new.
 */
@Tag("alone")
class MixedChainIT {
    private static final int GENERATIONS = Share.of(2000);
    private static final Path RIGHT = Path.of("target/test-classes/META-INF/bpf/stamp_right.bpf.o").toAbsolutePath();
    private static final String DEVICE = "manx-m" + ProcessHandle.current().pid();
    private static final String TARGET = "198.51.100.1";
    private static final Duration STARTS = Duration.ofSeconds(30);

    private final Namespaces namespaces = Namespaces.ofThisProcess("manx-mixed");
    private Namespace far;
    private List<StageDescriptor> pair = List.of();

    @TempDir
    private Path state;

    /** A veth into this process's namespace, whose far end knows one neighbour and says nothing by itself. */
    @BeforeEach
    void connect() throws Exception {
        far = namespaces.add("far");
        far.sysctl("net.ipv6.conf.default.disable_ipv6", "1");
        String here = Long.toString(ProcessHandle.current().pid());
        far.ip("link add eth0 type veth peer name " + DEVICE + " netns " + here);
        far.ip("link set eth0 up");
        far.address("eth0", "198.51.100.2/30");
        far.exec("nsenter", "--net=/proc/" + here + "/ns/net", "--", "ip", "link", "set", DEVICE, "up");
        far.ip("neigh add " + TARGET + " lladdr 02:00:00:00:00:01 dev eth0 nud permanent");
    }

    @AfterEach
    void remove() {
        namespaces.close();
    }

    // ---- the proof can fail

    @Test
    void dropsAPacketThatCarriesAnotherVersionsNumber() throws Exception {
        byte[] packet = Packets.udp(InetAddress.getByName("198.51.100.2"), 5000, InetAddress.getByName(TARGET), 5201).build();
        try (StageHarness right = StageHarness.of(RIGHT).setting("stamp_number", 2).setting("stamp_checks", 1).load()) {
            Outcome mixed = right.run(packet, note -> note.set("extension", stamped(1)));
            Outcome whole = right.run(packet, note -> note.set("extension", stamped(2)));

            assertThat(mixed.verdict()).isEqualTo(Verdict.DROP);
            assertThat(mixed.reason()).isEqualTo("REASON_MIXED_CHAIN");
            assertThat(whole.verdict()).isEqualTo(Verdict.NEXT);
        }
    }

    private static byte[] stamped(int number) {
        return ByteBuffer.allocate(64).order(ByteOrder.nativeOrder()).putInt(60, number).array();
    }

    @Test
    void countsPacketsOfAMixedChainWhereOneStageIsReplacedAlone() throws Exception {
        try (RtNetlink network = new RtNetlink(); Engine engine = engine(network)) {
            Running flood = flood(engine);
            StageDescriptor alone = pair.get(0);
            engine.withdraw(alone);
            engine.offer(stage(Side.LEFT, 2, Side.LEFT));
            assertThat(engine.settle("the test")).isPresent();

            Await.until("packets of a mixed chain are dropped", () -> mixed(engine) > 0);
            end(flood);
        }
    }

    // ---- and does not

    @Test
    void letsNoPacketMeetHalfOfOneGenerationAndHalfOfAnother() throws Exception {
        try (RtNetlink network = new RtNetlink(); Engine engine = engine(network)) {
            Running flood = flood(engine);
            for (int i = 2; i <= GENERATIONS + 1; i++) {
                replaceBoth(engine, i);
            }
            long sent = end(flood);

            System.out.printf(
                    Locale.ROOT, "load: %d generations of two stages: %,d packets sent, %,d met both, %d of them in a mixed chain%n",
                    GENERATIONS, sent, reached(engine, "stamp-right"), mixed(engine));
            assertThat(reached(engine, "stamp-left")).isEqualTo(sent);
            assertThat(reached(engine, "stamp-right")).isEqualTo(sent);
            assertThat(engine.view().drops()).isEmpty();
        }
    }

    // ---- steps

    private Engine engine(RtNetlink network) {
        Engine engine = new Engine(new Engine.Options(state, AttachMode.AUTO, Set.of(DEVICE)), network);
        try {
            pair = List.of(stage(Side.LEFT, 1, Side.LEFT), stage(Side.RIGHT, 1, Side.LEFT));
            pair.forEach(engine::offer);
            engine.start();
            return engine;
        } catch (RuntimeException | Error e) {
            engine.close();
            throw e;
        }
    }

    /** In an order that changes each time. */
    private void replaceBoth(Engine engine, int version) {
        Side first = version % 2 == 0 ? Side.RIGHT : Side.LEFT;
        pair.forEach(engine::withdraw);
        pair = List.of(stage(Side.LEFT, version, first), stage(Side.RIGHT, version, first));
        pair.forEach(engine::offer);
        assertThat(engine.settle("the test")).hasValueSatisfying(change -> assertThat(change.generation()).isEqualTo(version));
    }

    private static StageDescriptor stage(Side side, int version, Side first) {
        List<String> after = side == first ? List.of() : List.of(name(first));
        return new StageDescriptor(
                name(side), Stamps.NAME, 1, new Version(1, 0, version, ""), Hook.TC, after, List.of(), WhichPackets.EVERY,
                () -> Stamps.object(side, version, side != first), false, Optional::empty);
    }

    private static String name(Side side) {
        return side == Side.LEFT ? "stamp-left" : "stamp-right";
    }

    /** Returns once its packets come. */
    private Running flood(Engine engine) {
        Running flood = JavaProgram.of(FloodMain.class, TARGET + ":5201")
                .behind("nice", "-n", "19")
                .with("-XX:TieredStopAtLevel=1", "-Xmx32m")
                .startIn(far);
        flood.awaitLine("flooding", STARTS);
        Await.until("packets come", () -> reached(engine, "stamp-right") > 0);
        return flood;
    }

    /** @return how many it sent */
    private static long end(Running flood) {
        flood.endInput();
        assertThat(flood.awaitEnd(STARTS)).as(flood.output()).isZero();
        Matcher sent = Pattern.compile("sent (\\d+)").matcher(flood.output());
        assertThat(sent.find()).as(flood.output()).isTrue();
        return Long.parseLong(sent.group(1));
    }

    private static long reached(Engine engine, String stage) {
        return engine.view().pipelines().stream()
                .filter(pipeline -> pipeline.hook().equals("tc-ingress"))
                .flatMap(pipeline -> pipeline.lanes().first().stream())
                .filter(row -> row.name().equals(stage))
                .mapToLong(StageRow::packets)
                .sum();
    }

    private static long mixed(Engine engine) {
        return engine.view().drops().stream()
                .filter(drop -> drop.reason().equals("mixed-chain"))
                .mapToLong(DropView::packets)
                .sum();
    }
}
