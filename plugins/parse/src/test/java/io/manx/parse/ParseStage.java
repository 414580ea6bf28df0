package io.manx.parse;

import static org.assertj.core.api.Assertions.assertThat;

import io.manx.api.stage.StageContext;
import io.manx.api.stage.StateMap;
import io.manx.testkit.NoteView;
import io.manx.testkit.Outcome;
import io.manx.testkit.Packets;
import io.manx.testkit.StageHarness;
import io.manx.testkit.TestContext;
import io.manx.testkit.Verdict;
import java.net.InetAddress;
import java.nio.file.Path;

/** The stage, and what its tests ask of it again and again. */
final class ParseStage implements AutoCloseable {
    static final InetAddress CLIENT = Packets.address("10.0.1.2");
    static final InetAddress SERVER = Packets.address("10.0.2.2");
    static final InetAddress CLIENT6 = Packets.address("fd00:1::2");
    static final InetAddress SERVER6 = Packets.address("fd00:2::2");
    static final int CLIENT_PORT = 40000;
    static final int SERVER_PORT = 80;
    static final int L3 = Packets.ETHERNET_BYTES;

    private final StageHarness harness =
            StageHarness.of(Path.of("target/classes/META-INF/bpf/parse.bpf.o")).load();

    Outcome run(byte[] packet) {
        return harness.run(packet);
    }

    /** As if it came in by an interface, or left by it. */
    Outcome run(byte[] packet, String direction, int ifindex) {
        return harness.run(packet, note -> note.set("direction", constant(direction)).set("ifindex", ifindex));
    }

    /** @param attach where it is counted; those held at another one are not this run's when they are thrown out */
    Outcome run(byte[] packet, String direction, int ifindex, int attach) {
        return harness.run(packet, note -> note.set("direction", constant(direction))
                .set("ifindex", ifindex)
                .set("attach", attach));
    }

    StateMap map(String name) {
        return harness.map(name);
    }

    /** What the control is given. */
    StageContext context() {
        return new TestContext(harness);
    }

    long constant(String enumerator) {
        return harness.constant(enumerator);
    }

    void drops(byte[] packet, String reason) {
        Outcome outcome = run(packet);
        assertThat(outcome.reason()).as("%s", outcome).isEqualTo(reason);
        assertThat(outcome.packet()).isEqualTo(packet);
    }

    void passes(byte[] packet) {
        assertThat(run(packet).verdict()).isEqualTo(Verdict.PASS);
    }

    void keeps(byte[] packet) {
        keeps(packet, 0, 0);
    }

    /** @param attach where it would be counted */
    void keeps(byte[] packet, int ifindex, int attach) {
        Outcome outcome = harness.run(packet, note -> note.set("ifindex", ifindex).set("attach", attach));
        assertThat(outcome.verdict()).as("%s", outcome).isEqualTo(Verdict.KEPT);
    }

    /** The note of a packet that goes on, unchanged. */
    NoteView note(byte[] packet) {
        Outcome outcome = run(packet);
        assertThat(outcome.verdict()).as("%s", outcome).isEqualTo(Verdict.NEXT);
        assertThat(outcome.packet()).isEqualTo(packet);
        return outcome.note();
    }

    /** The bits, by their names in C. */
    long flags(String... names) {
        long bits = 0;
        for (String name : names) {
            bits |= constant(name);
        }
        return bits;
    }

    @Override
    public void close() {
        harness.close();
    }
}
