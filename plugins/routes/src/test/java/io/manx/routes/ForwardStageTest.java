package io.manx.routes;

import static io.manx.routes.ForwardStage.HOP_LIMIT_AT;
import static io.manx.routes.ForwardStage.MTU;
import static io.manx.routes.ForwardStage.TTL_AT;
import static io.manx.routes.ForwardStage.UPLINK;
import static io.manx.routes.ForwardStage.packet4;
import static io.manx.routes.ForwardStage.packet6;
import static org.assertj.core.api.Assertions.assertThat;

import io.manx.testkit.Outcome;
import io.manx.testkit.Packets;
import io.manx.testkit.Verdict;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** forward.bpf.c: an allowed packet and its route in; redirected or passed, with what it was changed to, out. */
class ForwardStageTest {
    private static final int HEADERS4 = 28;
    private static final byte[] PEER = {2, 0, 0, 0, 0, 8};
    private static final byte[] OWN = {2, 0, 0, 0, 0, 9};

    private ForwardStage forward;

    @BeforeEach
    void load() {
        forward = new ForwardStage().load();
    }

    @AfterEach
    void close() {
        forward.close();
    }

    @Test
    void dropsAPacketThatEndsInsideItsHeader() {
        Outcome outcome = forward.forward(Packets.truncated(packet4().build(), 30), "ROUTE_NEIGHBOUR");

        assertThat(outcome.verdict()).isEqualTo(Verdict.DROP);
        assertThat(outcome.reason()).isEqualTo("REASON_TRUNCATED_L3");
    }

    @Test
    void leavesTheLastHopToTheKernel() {
        for (byte[] packet : new byte[][] {packet4().ttl(1).build(), packet6().ttl(1).build()}) {
            passesAsJudged(packet);
        }
    }

    @Test
    void leavesIpv4OptionsToTheKernel() {
        passesAsJudged(packet4().ipv4Options(new byte[] {1, 1, 1, 0}).build());
    }

    @Test
    void leavesWhatIsLargerThanTheMtuToTheKernel() {
        passesAsJudged(packet4().payload(MTU - HEADERS4 + 1).build());
    }

    @Test
    void redirectsWhatIsJustAsLargeAsTheMtu() {
        Outcome outcome = forward.forward(packet4().payload(MTU - HEADERS4).build(), "ROUTE_NEIGHBOUR");

        assertThat(outcome.verdict()).isEqualTo(Verdict.REDIRECT);
    }

    @Test
    void passesWhatIsForThisHostOrForTheKernelToDecideUntouched() {
        byte[] packet = packet4().build();

        for (String kind : new String[] {"ROUTE_LOCAL", "ROUTE_STACK", "ROUTE_UNKNOWN"}) {
            Outcome outcome = forward.forward(packet, kind);

            assertThat(outcome.verdict()).as(kind).isEqualTo(Verdict.PASS);
            assertThat(outcome.packet()).as(kind).isEqualTo(packet);
            assertThat(outcome.mark()).as(kind).isZero();
        }
    }

    @Test
    void passesWhatIsForAnotherHostsMac() {
        byte[] packet = packet4().macs(OWN, PEER).build();

        Outcome outcome = forward.forward(packet, "ROUTE_NEIGHBOUR");

        assertThat(outcome.verdict()).isEqualTo(Verdict.PASS);
        assertThat(outcome.packet()).isEqualTo(packet);
        assertThat(forward.flows()).isZero();
    }

    @Test
    void passesAnIpv6PacketToAMappedAddress() {
        Outcome outcome = forward.forward(
                packet6().build(), "ROUTE_NEIGHBOUR", note -> note.set("destination", ForwardStage.SERVER));

        assertThat(outcome.verdict()).isEqualTo(Verdict.PASS);
    }

    @Test
    void sendsToTheNeighbourWithOneHopLess() {
        byte[] packet = packet4().build();

        Outcome outcome = forward.forward(packet, "ROUTE_NEIGHBOUR");

        assertThat(outcome.verdict()).isEqualTo(Verdict.REDIRECT);
        assertThat(outcome.packet()[TTL_AT]).isEqualTo((byte) 63);
        assertThat(Packets.checksumErrors(outcome.packet())).isEmpty();
        assertThat(forward.judged(outcome)).isTrue();
    }

    @Test
    void keepsTheChecksumRightAtEveryTtl() {
        for (int ttl = 2; ttl < 256; ttl++) {
            Outcome outcome = forward.forward(packet4().ttl(ttl).build(), "ROUTE_NEIGHBOUR", forward.established());

            assertThat(Packets.checksumErrors(outcome.packet())).as("TTL %d", ttl).isEmpty();
        }
    }

    @Test
    void keepsTheOtherBitsOfTheMark() {
        forward.harness.mark(0xf0000001L);

        assertThat(forward.forward(packet4().build(), "ROUTE_NEIGHBOUR").mark()).isEqualTo(0xfd000001L);
    }

    @Test
    void sendsIpv6ToTheNeighbourWithOneHopLess() {
        Outcome outcome = forward.forward(packet6().build(), "ROUTE_NEIGHBOUR");

        assertThat(outcome.verdict()).isEqualTo(Verdict.REDIRECT);
        assertThat(outcome.packet()[HOP_LIMIT_AT]).isEqualTo((byte) 63);
    }

    @Test
    void handsToTheWorkloadUnderItsOwnMacAndUnmarked() {
        forward.macs(UPLINK, PEER, OWN);

        Outcome outcome = forward.forward(packet4().build(), "ROUTE_WORKLOAD");

        assertThat(outcome.verdict()).isEqualTo(Verdict.REDIRECT);
        assertThat(Arrays.copyOf(outcome.packet(), 6)).isEqualTo(PEER);
        assertThat(Arrays.copyOfRange(outcome.packet(), 6, 12)).isEqualTo(OWN);
        assertThat(outcome.packet()[TTL_AT]).isEqualTo((byte) 63);
        assertThat(outcome.mark()).isZero();
    }

    @Test
    void handsToTheWorkloadUnderTheMacsItCameWithWhenTheRowIsAnothers() {
        byte[] packet = packet4().build();
        forward.macs(UPLINK + forward.harness.map(MacTable.MAP).capacity(), PEER, OWN);

        Outcome outcome = forward.forward(packet, "ROUTE_WORKLOAD");

        assertThat(outcome.verdict()).isEqualTo(Verdict.REDIRECT);
        assertThat(Arrays.copyOf(outcome.packet(), 12)).isEqualTo(Arrays.copyOf(packet, 12));
    }

    @Test
    void passesWhatTheHostSends() {
        byte[] packet = packet4().build();

        Outcome outcome = forward.forward(packet, "ROUTE_NEIGHBOUR", forward.egress());

        assertThat(outcome.verdict()).isEqualTo(Verdict.PASS);
        assertThat(outcome.packet()).isEqualTo(packet);
        assertThat(forward.flows()).isEqualTo(1);
    }

    @Test
    void sendsTheHostsOwnPacketToItsBackendAndKeepsItsTtl() {
        Outcome outcome = forward.forward(
                packet4().build(),
                "ROUTE_NEIGHBOUR",
                forward.egress().andThen(forward.toBackend(Packets.address("10.1.0.2"))));

        assertThat(outcome.verdict()).isEqualTo(Verdict.REDIRECT);
        assertThat(outcome.packet()[TTL_AT]).isEqualTo((byte) 64);
        assertThat(forward.judged(outcome)).isTrue();
    }

    private void passesAsJudged(byte[] packet) {
        Outcome outcome = forward.forward(packet, "ROUTE_NEIGHBOUR");

        assertThat(outcome.verdict()).isEqualTo(Verdict.PASS);
        assertThat(outcome.packet()).isEqualTo(packet);
        assertThat(forward.judged(outcome)).isTrue();
    }
}
