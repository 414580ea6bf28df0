import static org.assertj.core.api.Assertions.assertThat;

import io.manx.testkit.Packets;
import io.manx.testkit.StageHarness;
import io.manx.testkit.SwapUnderTraffic;
import io.manx.testkit.Verdict;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class @CLASS@Test {
    private static final Path OBJECT = Path.of("build/bundle/META-INF/bpf/@C_NAME@.bpf.o");
    private static final short BLOCKED = (short) 0x88b5;
    private static final InetAddress CLIENT = Packets.address("198.51.100.7");
    private static final InetAddress SERVER = Packets.address("192.0.2.1");

    private static StageHarness stage;

    @BeforeAll
    static void load() {
        stage = StageHarness.of(OBJECT).load();
        ByteBuffer type = stage.map("blocked").key().allocate().putShort(0, BLOCKED);
        stage.map("blocked").put(type, ByteBuffer.wrap(new byte[] {1}));
    }

    @AfterAll
    static void close() {
        stage.close();
    }

    @Test
    void dropsABlockedEtherType() {
        byte[] frame = Packets.udp(CLIENT, 5000, SERVER, 53).build();
        ByteBuffer.wrap(frame).putShort(12, BLOCKED);

        assertThat(stage.run(frame).reason()).isEqualTo("REASON_BLOCKED");
    }

    @Test
    void letsEverythingElseGoOn() {
        assertThat(stage.run(Packets.udp(CLIENT, 5000, SERVER, 53).build()).verdict()).isEqualTo(Verdict.NEXT);
        assertThat(stage.run(Packets.arp(CLIENT, SERVER)).verdict()).isEqualTo(Verdict.NEXT);
    }

    @Test
    void losesNothingWhenItIsReplacedUnderTraffic() {
        SwapUnderTraffic.Report report = SwapUnderTraffic.of("@NAME@", OBJECT).replace(20);

        assertThat(report.lost()).as("%s", report).isZero();
    }
}
