import static org.assertj.core.api.Assertions.assertThat;

import io.manx.testkit.Outcome;
import io.manx.testkit.Packets;
import io.manx.testkit.StageHarness;
import io.manx.testkit.SwapUnderTraffic;
import io.manx.testkit.Verdict;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class @CLASS@Test {
    private static final Path OBJECT = Path.of("build/bundle/META-INF/bpf/@C_NAME@.bpf.o");
    private static final int TCP = 6;
    private static final int ICMP = 1;
    private static final int BLOCKED = 9;
    private static final byte[] PACKET = Packets.tcp(
            Packets.address("198.51.100.7"), 40000, Packets.address("192.0.2.1"), BLOCKED).build();

    private static StageHarness stage;

    @BeforeAll
    static void load() {
        stage = StageHarness.of(OBJECT).load();
        ByteBuffer port = stage.map("blocked").key().allocate().putShort(0, (short) BLOCKED);
        stage.map("blocked").put(port, ByteBuffer.wrap(new byte[] {1}));
    }

    @AfterAll
    static void close() {
        stage.close();
    }

    @Test
    void dropsWhatGoesToABlockedPort() {
        assertThat(run(TCP, BLOCKED).reason()).isEqualTo("REASON_BLOCKED");
    }

    @Test
    void letsEverythingElseGoOn() {
        assertThat(run(TCP, 80).verdict()).isEqualTo(Verdict.NEXT);
        assertThat(run(ICMP, BLOCKED).verdict()).isEqualTo(Verdict.NEXT);
    }

    @Test
    void losesNothingWhenItIsReplacedUnderTraffic() {
        SwapUnderTraffic.Report report = SwapUnderTraffic.of("@NAME@", OBJECT).replace(20);

        assertThat(report.lost()).as("%s", report).isZero();
    }

    /** The note as parse would have filled it. */
    private static Outcome run(int protocol, int port) {
        return stage.run(PACKET, note -> note.set("protocol", protocol).set("destination_port", port));
    }
}
