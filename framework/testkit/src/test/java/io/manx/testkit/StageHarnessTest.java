package io.manx.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.manx.api.stage.StateMap;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class StageHarnessTest {
    private static final Path OBJECTS = Path.of("target/test-classes/META-INF/bpf");
    private static final InetAddress CLIENT = Packets.address("198.51.100.7");
    private static final InetAddress SERVER = Packets.address("192.0.2.1");
    private static final byte[] PACKET = Packets.udp(CLIENT, 5000, SERVER, 53).build();
    private static final int PASS = 1;
    private static final int REDIRECT = 2;
    private static final int DENY = 3;
    private static final int ESTABLISH = 4;
    private static final int RAISE_MARK = 5;
    private static final int REWRITE = 6;
    private static final int TRANSLATE = 7;
    private static final int NO_LANE = 8;
    private static final int PASS_TRANSLATED = 9;

    private static StageHarness sample;

    @BeforeAll
    static void load() {
        sample = StageHarness.of(OBJECTS.resolve("sample.bpf.o")).load();
    }

    @AfterAll
    static void close() {
        sample.close();
    }

    private static Outcome run(int port) {
        return sample.run(PACKET, note -> note.set("destination_port", port));
    }

    @Test
    void refusesWhatIsNoStage() {
        assertThatThrownBy(() -> StageHarness.of(OBJECTS.resolve("missing.bpf.o")))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("missing.bpf.o can't be read");
        assertThatThrownBy(() -> StageHarness.of(Path.of("target/classes/META-INF/bpf/probe.bpf.o")))
                .hasMessageContaining("probe.bpf.o must hold one program manx_NAME");
    }

    @Test
    void refusesToRunWhatIsNotLoaded() {
        try (StageHarness early = StageHarness.of(OBJECTS.resolve("sample.bpf.o"))) {
            assertThatThrownBy(() -> early.run(PACKET)).hasMessageContaining("call load() first");
        }
        assertThatThrownBy(sample::load).hasMessageContaining("loaded already");
    }

    @Test
    void refusesAPacketWithoutAnEthernetHeader() {
        assertThatThrownBy(() -> sample.run(Packets.truncated(PACKET, 13))).hasMessageContaining("13 bytes");
    }

    @Test
    void runsOnAPacketThatEndsInsideItsIpHeader() {
        byte[] v6 = Packets.udp(Packets.address("2001:db8::7"), 1, Packets.address("2001:db8::1"), 2).build();

        for (byte[] packet : new byte[][] {PACKET, v6}) {
            for (int length = 14; length <= packet.length; length++) {
                byte[] part = Packets.truncated(packet, length);
                Outcome outcome = sample.run(part);

                assertThat(outcome.packet()).isEqualTo(part);
                assertThat(outcome.note().get("l4_offset")).as("skb->len").isEqualTo(length);
            }
        }
    }

    @Test
    void refusesAStageThatDoesNotCount() {
        try (StageHarness uncounted = StageHarness.of(OBJECTS.resolve("uncounted.bpf.o")).load()) {
            assertThatThrownBy(() -> uncounted.run(PACKET))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("counted 0 packets and 0 drops at its slot, not 1 and 1");
        }
    }

    @Test
    void tellsWhatAStageKeepsFromWhatItDrops() {
        try (StageHarness keeps = StageHarness.of(OBJECTS.resolve("keeps.bpf.o")).load()) {
            assertThat(keeps.run(PACKET).verdict()).isEqualTo(Verdict.KEPT);
        }
    }

    @Test
    void namesTheReasonOfADrop() {
        assertThat(run(DENY).verdict()).isEqualTo(Verdict.DROP);
        assertThat(run(DENY).reason()).isEqualTo("REASON_POLICY_DENY");
        assertThat(run(13).reason()).isEqualTo("REASON_UNLUCKY");
        assertThat(run(PASS).reason()).isEqualTo("REASON_NONE");
    }

    @Test
    void tellsEachVerdict() {
        assertThat(run(PASS).verdict()).isEqualTo(Verdict.PASS);
        assertThat(run(REDIRECT).verdict()).isEqualTo(Verdict.REDIRECT);
        assertThat(run(53).verdict()).isEqualTo(Verdict.NEXT);
        assertThat(run(53).lane()).isEqualTo(Lane.FIRST);
        assertThat(run(ESTABLISH).verdict()).isEqualTo(Verdict.NEXT);
        assertThat(run(ESTABLISH).lane()).isEqualTo(Lane.ESTABLISHED);
        assertThat(run(TRANSLATE).lane()).isEqualTo(Lane.TRANSLATED);
        assertThat(run(PASS_TRANSLATED).verdict()).isEqualTo(Verdict.PASS);
        assertThat(run(PASS_TRANSLATED).lane()).isEqualTo(Lane.TRANSLATED);
        assertThat(run(NO_LANE).lane()).as("of a lane that is none").isEqualTo(Lane.FIRST);
    }

    @Test
    void handsTheNoteInAndOut() {
        Outcome outcome = sample.run(PACKET, note -> note.set("source", CLIENT)
                .set("destination", Packets.address("2001:db8::1"))
                .set("destination_port", 53)
                .set("extension[3]", 9));

        assertThat(outcome.note().get("protocol")).isEqualTo(17);
        assertThat(outcome.note().get("l4_offset")).isEqualTo(PACKET.length);
        assertThat(outcome.note().get("destination_port")).isEqualTo(53);
        assertThat(outcome.note().address("source")).isEqualTo(CLIENT);
        assertThat(outcome.note().address("destination")).isEqualTo(Packets.address("2001:db8::1"));
        assertThat(outcome.note().bytes("extension")).hasSize(64).contains(9);
        assertThat(outcome).hasToString("NEXT in lane FIRST, " + outcome.note());
        assertThat(outcome.note().toString()).contains("destination_port=53").doesNotContain("attach=");
        assertThat(run(54).note().bytes("extension")).containsOnly(0);
    }

    @Test
    void handsThePacketInAndOut() {
        Outcome outcome =
                sample.run(PACKET, note -> note.set("destination_port", REWRITE).set("source", new byte[] {
                    1, 2, 3, 4, 5, 6, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0
                }));

        assertThat(Arrays.copyOf(outcome.packet(), 6)).containsExactly(1, 2, 3, 4, 5, 6);
        assertThat(outcome.packet()).hasSameSizeAs(PACKET).endsWith(Arrays.copyOfRange(PACKET, 6, PACKET.length));
    }

    @Test
    void handsTheMarkInAndOut() {
        try (StageHarness marked = StageHarness.of(OBJECTS.resolve("sample.bpf.o")).load().mark(0xd0000001L)) {
            Outcome outcome = marked.run(PACKET, note -> note.set("destination_port", RAISE_MARK));

            assertThat(outcome.mark()).isEqualTo(0xd0000002L);
        }
    }

    @Test
    void givesEachHarnessItsOwnMapsUnlessToldToShare() {
        try (StageHarness first = StageHarness.of(OBJECTS.resolve("sample.bpf.o"))
                        .setting("unlucky_port", 99)
                        .load();
                StageHarness sharing = StageHarness.of(OBJECTS.resolve("sample.bpf.o"))
                        .sharing(first)
                        .load()) {
            Outcome unlucky = first.run(PACKET, note -> note.set("destination_port", 99));

            assertThat(unlucky.reason()).isEqualTo("REASON_UNLUCKY");
            assertThat(seen(first)).isEqualTo(1);
            assertThat(seen(sharing)).isZero();
            assertThat(first.map("manx_drops").info().id()).isEqualTo(sharing.map("manx_drops").info().id());
            assertThat(first.map("manx_drops").info().id()).isNotEqualTo(sample.map("manx_drops").info().id());
            assertThat(sharing.run(PACKET).verdict()).isEqualTo(Verdict.NEXT);
        }
    }

    @Test
    void knowsTheConstantsOfTheStageAndOfTheSdk() {
        assertThatThrownBy(() -> sample.constant("NOTE_NOTHING")).hasMessageContaining("no enumerator NOTE_NOTHING");
        assertThat(sample.constant("NOTE_REPLY")).isEqualTo(8);
        assertThat(sample.constant("REASON_UNLUCKY")).isEqualTo(133);
    }

    @Test
    void runsOtherProgramsOfTheObject() {
        assertThat(sample.program("sample_twice").run(PACKET).returned()).isEqualTo(2 * PACKET.length);
    }

    @Test
    void recordsWhatAControlAsksFor() {
        TestContext context = new TestContext(sample);
        StateMap epoch = context.map("manx_epoch");
        int before = epoch.get(epoch.key().allocate()).orElseThrow().getInt(0);

        context.rejudge();
        context.idle(true);

        assertThat(epoch.get(epoch.key().allocate()).orElseThrow().getInt(0)).isEqualTo(before + 1);
        assertThat(context.rejudged()).isEqualTo(1);
        assertThat(context.isIdle()).isTrue();
        assertThat(context.run("sample_twice")).isEqualTo(2 * 64);
        assertThat(context.constant("LANE_ESTABLISHED")).isEqualTo(1);
        assertThat(context.struct("seen").size()).isEqualTo(8);
    }

    @Test
    void runsXdpStages() {
        try (StageHarness xdp = StageHarness.of(OBJECTS.resolve("sample_xdp.bpf.o")).load()) {
            assertThat(xdp.run(Packets.with(PACKET, 0, 2)).reason()).isEqualTo("REASON_POLICY_DENY");
            assertThat(xdp.run(Packets.with(PACKET, 0, 1)).verdict()).isEqualTo(Verdict.PASS);
            assertThat(xdp.run(Packets.with(PACKET, 0, 3)).verdict()).isEqualTo(Verdict.REDIRECT);
            assertThat(xdp.run(Packets.with(PACKET, 0, 4)).verdict()).isEqualTo(Verdict.NEXT);
        }
    }

    @Test
    void closesEveryFileAlsoWhenLoadingFails() throws IOException {
        long before = open();
        for (int i = 0; i < 3; i++) {
            StageHarness.of(OBJECTS.resolve("sample.bpf.o")).load().close();
            try (StageHarness wrong = StageHarness.of(OBJECTS.resolve("sample.bpf.o")).setting("no_such", 1)) {
                assertThatThrownBy(wrong::load).hasMessageContaining("no_such");
            }
        }
        assertThat(open()).isEqualTo(before);
    }

    /** Of BPF objects: jars and pipes are the JVM's, which closes them when it likes. */
    private static long open() throws IOException {
        try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
            return all.filter(StageHarnessTest::isOfBpf).count();
        }
    }

    private static boolean isOfBpf(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString().startsWith("anon_inode:bpf");
        } catch (IOException closedMeanwhile) {
            return false;
        }
    }

    private static long seen(StageHarness harness) {
        ByteBuffer key = harness.map("seen").key().allocate();
        ByteBuffer value = harness.map("seen").get(key).orElseThrow();
        return harness.map("seen").value().field("packets").get(value);
    }
}
