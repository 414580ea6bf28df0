package io.manx.conntrack;

import static org.assertj.core.api.Assertions.assertThat;

import io.manx.libbpf.BpfMap;
import io.manx.testkit.Lane;
import io.manx.testkit.Outcome;
import io.manx.testkit.PacketBuilder;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** tcp.h: which segments fit, and what they make of a connection. Windows are of 64240 bytes unless a test says otherwise. */
class TcpTest {
    private static final int WINDOW = 64240;
    private static final String OUT = "REASON_TCP_OUT_OF_WINDOW";

    private Tracker tracker;
    private Conversation tcp;

    @BeforeEach
    void load() {
        tracker = new Tracker();
        tcp = new Conversation(tracker);
    }

    @AfterEach
    void close() {
        tracker.close();
    }

    private void config(boolean pickup, boolean windowChecks) {
        new Config(Config.defaults(tracker.context).timeouts(), pickup, windowChecks).writeTo(tracker.context);
    }

    private static UnaryOperator<PacketBuilder> scale(int scale) {
        return packet -> packet.tcpOptions(2, 4, 5, 0xb4, 1, 3, 3, scale);
    }

    private static void assertOut(Outcome outcome) {
        assertThat(outcome.reason()).isEqualTo(OUT);
    }

    private static void assertIn(Outcome outcome) {
        assertThat(outcome.reason()).isEqualTo("REASON_NONE");
    }

    @Test
    void dropsDataBeyondTheWindow() {
        tcp.open();
        assertOut(tcp.client(1 + WINDOW + 1, 1, 10, "ACK"));
        assertOut(tcp.server(1 + WINDOW + 1, 1, 10, "ACK"));
        assertIn(tcp.client(1, 1, 10, "ACK"));
        assertIn(tcp.server(1, 11, 10, "ACK"));
    }

    /** A connection whose table has been copied a moment ago has sent more than the copy knows. */
    @Test
    void dropsNothingWhileCopiesMayBeBehind() {
        tcp.open();
        BpfMap copying = tracker.conntrack.map("manx_copying");
        ByteBuffer value = copying.value().allocate();
        copying.value().field("value").set(value, 1);
        copying.put(copying.key().allocate(), value);
        assertIn(tcp.client(1 + 10 * WINDOW, 1, 10, "ACK"));
        assertIn(tcp.server(1, 1 + 10 * WINDOW + 10, 10, "ACK"));

        copying.put(copying.key().allocate(), copying.value().allocate());
        assertIn(tcp.client(1 + 10 * WINDOW + 10, 11, 10, "ACK"));
        assertIn(tcp.server(11, 1 + 10 * WINDOW + 20, 10, "ACK"));
    }

    @Test
    void dropsDataFromBeforeTheWindow() {
        tcp.open();
        assertOut(tcp.client(1 - WINDOW - 20, 1, 10, "ACK"));
        assertOut(tcp.server(1 - WINDOW - 20, 1, 10, "ACK"));
    }

    @Test
    void dropsAcknowledgementsOfWhatWasNeverSent() {
        tcp.open();
        assertOut(tcp.client(1, 2, 0, "ACK"));
        assertOut(tcp.server(1, 2, 0, "ACK"));
    }

    @Test
    void dropsAnAnswerToAnotherSyn() {
        tcp.client(0, 0, 0, "SYN");
        assertOut(tcp.server(0, 2, 0, "SYN", "ACK"));
        assertOut(tcp.server(0, 0, 0, "SYN", "ACK"));
        assertOut(tcp.server(0, 2, 0, "RST", "ACK"));
        assertThat(tcp.state()).isEqualTo(Flow.State.NEW);
        assertIn(tcp.server(0, 1, 0, "SYN", "ACK"));
    }

    @Test
    void countsNothingForWhatItDrops() {
        tcp.open();
        tracker.wait(Duration.ofMillis(100));
        Flow before = new FlowTable(tracker.context).flows().findFirst().orElseThrow();
        assertOut(tcp.client(1 + WINDOW + 1, 1, 10, "FIN", "ACK"));
        assertThat(new FlowTable(tracker.context).flows().findFirst()).contains(before);
    }

    @Test
    void passesAResetInTheWindowThatDoesNotFitToTheFarEnd() {
        tcp.open();
        assertOut(tcp.server(1 + WINDOW + 1, 1, 0, "RST"));
        assertIn(tcp.server(1 + 100, 1, 0, "RST"));
        assertThat(tcp.state()).isEqualTo(Flow.State.ESTABLISHED);
        assertIn(tcp.server(1, 1, 0, "RST"));
        assertThat(tcp.state()).isEqualTo(Flow.State.CLOSED);
    }

    @Test
    void takesAResetThatFollowsWhatItsSenderHasSent() {
        tcp.open();
        tcp.client(1, 1, 500, "ACK");
        assertIn(tcp.client(501, 0, 0, "RST"));
        assertThat(tcp.state()).isEqualTo(Flow.State.CLOSED);
    }

    @Test
    void endsAConnectionThatIsRefused() {
        tcp.client(0, 0, 0, "SYN");
        assertIn(tcp.server(0, 1, 0, "RST", "ACK"));
        assertThat(tcp.state()).isEqualTo(Flow.State.CLOSED);
    }

    @Test
    void goesThroughAWholeConnection() {
        tcp.client(0, 0, 0, "SYN");
        assertThat(tcp.state()).isEqualTo(Flow.State.NEW);
        tcp.server(0, 1, 0, "SYN", "ACK");
        assertThat(tcp.state()).isEqualTo(Flow.State.REPLIED);
        tcp.client(1, 1, 0, "ACK");
        assertThat(tcp.state()).isEqualTo(Flow.State.ESTABLISHED);
        assertIn(tcp.client(1, 1, 1000, "ACK"));
        assertIn(tcp.server(1, 1001, 2000, "ACK"));
        assertIn(tcp.client(1001, 2001, 0, "FIN", "ACK"));
        assertThat(tcp.state()).isEqualTo(Flow.State.CLOSING);
        assertIn(tcp.server(2001, 1002, 300, "ACK"));
        assertIn(tcp.client(1002, 2301, 0, "ACK"));
        assertIn(tcp.server(2301, 1002, 0, "FIN", "ACK"));
        assertThat(tcp.state()).isEqualTo(Flow.State.CLOSED);
        assertIn(tcp.client(1002, 2302, 0, "ACK"));
    }

    @Test
    void followsTheWindowAsItMoves() {
        tcp.open();
        int sent = 1;
        for (int segment = 0; segment < 200; segment++) {
            assertIn(tcp.client(sent, 1, 1000, "ACK"));
            sent += 1000;
            assertIn(tcp.server(1, sent, 0, "ACK"));
        }
        assertOut(tcp.client(sent + WINDOW + 1, 1, 10, "ACK"));
        assertOut(tcp.client(1, 1, 10, "ACK"));
    }

    @Test
    void takesSegmentsThatAreOvertakenOrComeTwice() {
        tcp.open();
        assertIn(tcp.client(1001, 1, 1000, "ACK"));
        assertIn(tcp.client(1, 1, 1000, "ACK"));
        assertIn(tcp.client(1, 1, 1000, "ACK"));
        assertIn(tcp.server(1, 2001, 0, "ACK"));
        assertIn(tcp.server(1, 1001, 0, "ACK"));
    }

    @Test
    void learnsTheScaleOfEachEnd() {
        tcp.client(0, 0, 0, scale(7), "SYN");
        tcp.server(0, 1, 0, scale(2), "SYN", "ACK");
        tcp.client(1, 1, 0, packet -> packet.window(1000), "ACK");
        tcp.server(1, 1, 0, packet -> packet.window(30000), "ACK");
        assertOut(tcp.server(1 + 128001, 1, 1, "ACK"));
        assertIn(tcp.server(1 + 127999, 1, 1, packet -> packet.window(30000), "ACK"));
        assertOut(tcp.client(1 + 120001, 1, 1, "ACK"));
        assertIn(tcp.client(1 + 119999, 1, 1, "ACK"));
    }

    @Test
    void scalesNoWindowThatOnlyOneEndOffersToScale() {
        tcp.client(0, 0, 0, scale(7), "SYN");
        tcp.server(0, 1, 0, "SYN", "ACK");
        tcp.client(1, 1, 0, "ACK");
        assertOut(tcp.server(1 + WINDOW + 1, 1, 1, "ACK"));
    }

    @Test
    void letsAnOctetAskWhetherAClosedWindowHasOpened() {
        tcp.client(0, 0, 0, "SYN");
        tcp.server(0, 1, 0, packet -> packet.window(1000), "SYN", "ACK");
        tcp.client(1, 1, 1000, "ACK");
        assertIn(tcp.server(1, 1001, 0, packet -> packet.window(0), "ACK"));
        assertIn(tcp.client(1001, 1, 1, "ACK"));
        assertIn(tcp.client(1000, 1, 0, "ACK"));
        assertOut(tcp.client(1003, 1, 1, "ACK"));
    }

    @Test
    void checksNoWindowOfAConnectionPickedUpInItsMiddle() {
        assertIn(tcp.client(5000, 7000, 100, "ACK"));
        assertIn(tcp.server(7000, 5100, 100, "ACK"));
        assertIn(tcp.client(500000, 7100, 100, "ACK"));
        assertThat(tcp.state()).isEqualTo(Flow.State.ESTABLISHED);
        assertIn(tcp.server(7100 + 9, 500100, 0, "RST", "ACK"));
        assertThat(tcp.state()).isEqualTo(Flow.State.ESTABLISHED);
        assertIn(tcp.server(7100, 500100, 0, "RST", "ACK"));
        assertThat(tcp.state()).isEqualTo(Flow.State.CLOSED);
    }

    @Test
    void dropsTheMiddleOfAnUnknownConnectionWherePickupIsOff() {
        config(false, true);
        assertThat(tcp.client(5000, 7000, 100, "ACK").reason()).isEqualTo("REASON_NO_FLOW");
        assertThat(tcp.server(0, 1, 0, "SYN", "ACK").reason()).isEqualTo("REASON_NO_FLOW");
        tcp.open();
        assertIn(tcp.client(1, 1, 100, "ACK"));
    }

    @Test
    void followsStatesButNoWindowsWhereTheChecksAreOff() {
        config(true, false);
        tcp.open();
        assertIn(tcp.client(1 + 10 * WINDOW, 1, 10, "ACK"));
        assertIn(tcp.server(1 + 100, 1, 0, "RST"));
        assertThat(tcp.state()).isEqualTo(Flow.State.ESTABLISHED);
        assertIn(tcp.server(1, 1, 0, "RST"));
        assertThat(tcp.state()).isEqualTo(Flow.State.CLOSED);
    }

    @Test
    void judgesASynOverALiveConnectionAgainAndLeavesThatAsItIs() {
        tcp.open();
        Flow before = new FlowTable(tracker.context).flows().findFirst().orElseThrow();
        Outcome syn = tcp.client(12345678, 0, 0, "SYN");
        assertThat(syn.lane()).isEqualTo(Lane.FIRST);
        assertThat(syn.note().get("flags"))
                .isEqualTo(tracker.constant("NOTE_KNOWN") | tracker.constant("NOTE_NO_COMMIT"));
        Outcome other = tcp.server(12345678, 0, 0, "SYN");
        assertThat(other.note().get("flags") & tracker.constant("NOTE_REPLY")).isZero();
        assertThat(new FlowTable(tracker.context).flows().findFirst()).contains(before);
        assertIn(tcp.client(1, 1, 10, "ACK"));
    }

    @Test
    void takesASynWithAnotherNumberForANewTryWhileNobodyAnswers() {
        tcp.client(0, 0, 0, "SYN");
        tcp.client(1 << 30, 0, 0, "SYN");
        assertOut(tcp.server(0, 1, 0, "SYN", "ACK"));
        assertIn(tcp.server(0, (1 << 30) + 1, 0, "SYN", "ACK"));
    }

    /** The far end's is an answer each time, and no new connection that policy would be asked about. */
    @Test
    void takesEitherSynTwiceWhereBothEndsOpen() {
        tcp.client(0, 0, 0, "SYN");
        tcp.server(0, 0, 0, "SYN");
        Outcome again = tcp.server(0, 0, 0, "SYN");
        assertThat(again.note().get("flags")).isEqualTo(tracker.constant("NOTE_KNOWN") | tracker.constant("NOTE_REPLY"));
        assertThat(tcp.client(0, 0, 0, "SYN").note().get("flags")).isEqualTo(tracker.constant("NOTE_KNOWN"));
        assertIn(tcp.client(0, 1, 0, "SYN", "ACK"));
        assertIn(tcp.server(0, 1, 0, "SYN", "ACK"));
        assertIn(tcp.client(1, 1, 10, "ACK"));
        assertThat(tcp.state()).isEqualTo(Flow.State.ESTABLISHED);
    }

    @Test
    void letsBothEndsOpenAtOnce() {
        tcp.client(0, 0, 0, "SYN");
        assertIn(tcp.server(0, 0, 0, "SYN"));
        assertIn(tcp.client(0, 1, 0, "SYN", "ACK"));
        assertIn(tcp.server(0, 1, 0, "SYN", "ACK"));
        assertIn(tcp.client(1, 1, 10, "ACK"));
        assertThat(tcp.state()).isEqualTo(Flow.State.ESTABLISHED);
    }
}
