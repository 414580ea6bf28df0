package io.manx.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.manx.core.AttachMode;
import io.manx.core.Engine;
import io.manx.core.Hook;
import io.manx.core.StageDescriptor;
import io.manx.core.Version;
import io.manx.core.WhichPackets;
import io.manx.libbpf.netlink.RtNetlink;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Stages that publish and require fields of the note, in the kernel. */
class OwnFieldsTest {
    private static final Path OBJECTS = Path.of("target/test-classes/META-INF/bpf");
    private static final Path CLASSIFY = OBJECTS.resolve("classify.bpf.o");
    private static final Path BILLING = OBJECTS.resolve("billing.bpf.o");
    private static final InetAddress CLIENT = Packets.address("198.51.100.7");
    private static final byte[] PACKET =
            Packets.udp(CLIENT, 5000, Packets.address("192.0.2.1"), 53).build();

    @Test
    void refusesAFieldThatDoesNotFit() {
        assertThatThrownBy(() -> StageHarness.of(OBJECTS.resolve("too_much.bpf.o")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("too_much.bpf.o: its field struct much much does not fit in the 64 bytes");
    }

    @Test
    void knowsNoFieldThatTheStageDoesNotHave() {
        try (StageHarness billing = StageHarness.of(BILLING).load()) {
            assertThatThrownBy(() -> billing.run(PACKET).note().get("extension.tag"))
                    .hasMessageContaining("no member extension.tag");
        }
    }

    @Test
    void handsAStageTheFieldItRequires() {
        try (StageHarness billing = StageHarness.of(BILLING).load()) {
            assertThat(billing.run(PACKET).reason()).isEqualTo("REASON_NO_TENANT");
            assertThat(billing.run(PACKET, note -> note.set("extension.tenant", 7)).verdict()).isEqualTo(Verdict.NEXT);
        }
    }

    @Test
    void tellsWhatAStagePublishes() {
        try (StageHarness classify = StageHarness.of(CLASSIFY).load()) {
            NoteView note = classify.mark(9).run(PACKET, before -> before.set("source", CLIENT)).note();

            assertThat(note.get("extension.tenant")).isEqualTo(7);
            assertThat(note.get("extension.tag.id")).isEqualTo(9);
            assertThat(note.address("extension.tag.owner")).isEqualTo(CLIENT);
        }
    }

    @Test
    void clearsWhatTheLastPacketLeftAndNothingElse() {
        try (StageHarness classify = StageHarness.of(CLASSIFY).load()) {
            NoteView note = classify.run(PACKET, before -> before.set("extension[63]", 1)
                            .set("extension.tenant", 99)
                            .set("extension.tag.id", 99)
                            .set("extension.tag.owner", CLIENT))
                    .note();

            assertThat(note.get("extension.tenant")).isEqualTo(7);
            assertThat(note.get("extension.tag.id")).isZero();
            assertThat(note.bytes("extension.tag.owner")).containsOnly(0);
            assertThat(note.get("extension[63]")).isEqualTo(1);
        }
    }

    @Test
    void clearsOnTheXdpHookToo() {
        try (StageHarness classify = StageHarness.of(OBJECTS.resolve("classify_xdp.bpf.o")).load()) {
            assertThat(classify.run(Packets.with(PACKET, 0, 5)).note().get("extension.colour")).isEqualTo(5);
            assertThat(classify.run(Packets.with(PACKET, 0, 0), note -> note.set("extension.colour", 9))
                            .note()
                            .get("extension.colour"))
                    .isZero();
        }
    }

    @Test
    void saysOfAReaderAloneThatItWaits() {
        assertThatThrownBy(() -> SwapUnderTraffic.of("billing", BILLING).replace(1))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("stage billing is waiting")
                .hasMessageContaining("requires the note's field tenant (__u16, 2 bytes), which no stage publishes");
    }

    @Test
    void readsTheFieldOfEveryPacketWhileItsWriterIsReplaced() {
        SwapUnderTraffic.Report report =
                SwapUnderTraffic.of("classify", CLASSIFY).with("billing", BILLING).replace(20);

        assertThat(report.lost()).as("%s", report).isZero();
        assertThat(report.arrived()).isEqualTo(report.sent()).isGreaterThan(20 * 200);
    }

    @Test
    void readsTheFieldOfEveryPacketWhileItsReaderIsReplaced() {
        SwapUnderTraffic.Report report =
                SwapUnderTraffic.of("billing", BILLING).with("classify", CLASSIFY).replace(20);

        assertThat(report.lost()).as("%s", report).isZero();
    }

    /** Type and place of the field are others after each change: every packet has it written and read in one of both. */
    @Test
    void changesAFieldsTypeUnderTrafficWithBothItsEndsAtOnce(@TempDir Path state) throws Exception {
        try (SwapTrack track = new SwapTrack();
                RtNetlink network = new RtNetlink();
                Engine engine =
                        new Engine(new Engine.Options(state, AttachMode.AUTO, Set.of(track.device())), network)) {
            List<StageDescriptor> pair = pair(0);
            pair.forEach(engine::offer);
            engine.start();
            int generation = engine.view().pipelines().get(0).generation();
            track.start();
            for (int version = 1; version <= 10; version++) {
                track.awaitPackets(200, Duration.ofSeconds(10));
                pair.forEach(engine::withdraw);
                pair = pair(version);
                pair.forEach(engine::offer);
                assertThat(engine.settle("test").orElseThrow().generation()).isEqualTo(generation + version);
            }
            track.awaitPackets(200, Duration.ofSeconds(10));

            SwapUnderTraffic.Report report = track.end(10, 0);
            assertThat(report.lost()).as("%s", report).isZero();
        }
    }

    private static List<StageDescriptor> pair(int version) {
        String which = version % 2 == 0 ? "" : "_wide";
        return Stream.of("billing", "classify")
                .map(name -> new StageDescriptor(
                        name, "test." + name, 1, new Version(1, 0, version, ""), Hook.TC, List.of(), List.of(), WhichPackets.EVERY,
                        () -> Files.readAllBytes(OBJECTS.resolve(name + which + ".bpf.o")), false, Optional::empty))
                .toList();
    }
}
