package io.manx.conntrack;

import static io.manx.conntrack.Sample.CLIENT;
import static io.manx.conntrack.Sample.CLIENT6;
import static io.manx.conntrack.Sample.CLIENT_PORT;
import static io.manx.conntrack.Sample.FRONTEND;
import static io.manx.conntrack.Sample.FRONTEND6;
import static io.manx.conntrack.Sample.FRONTEND_PORT;
import static io.manx.conntrack.Sample.SERVER;
import static io.manx.conntrack.Sample.SERVER6;
import static io.manx.conntrack.Sample.SERVER_PORT;
import static org.assertj.core.api.Assertions.assertThat;

import io.manx.testkit.Lane;
import io.manx.testkit.Outcome;
import io.manx.testkit.Verdict;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** conntrack.bpf.c and commit.h: which lane a packet takes, and what its flow tells the stages behind. */
class ConntrackStageTest {
    private Tracker tracker;

    @BeforeEach
    void load() {
        tracker = new Tracker();
    }

    @AfterEach
    void close() {
        tracker.close();
    }

    static Stream<Sample> firsts() {
        return Stream.of(
                Sample.syn(CLIENT, SERVER),
                Sample.syn(SERVER, CLIENT),
                Sample.syn(CLIENT6, SERVER6),
                Sample.udp(CLIENT, SERVER),
                Sample.udp(CLIENT6, SERVER6),
                Sample.udp(SERVER6, CLIENT6),
                Sample.echo(CLIENT, SERVER),
                Sample.echo(CLIENT6, SERVER6));
    }

    static Stream<Sample> firstsOfPlain() {
        return firsts().filter(first -> !first.protocol().equals("icmp"));
    }

    static Stream<Sample> services() {
        return Stream.of(
                Sample.syn(CLIENT, FRONTEND).to(FRONTEND, FRONTEND_PORT),
                Sample.udp(CLIENT, FRONTEND).to(FRONTEND, FRONTEND_PORT),
                Sample.syn(CLIENT6, FRONTEND6).to(FRONTEND6, FRONTEND_PORT));
    }

    static Stream<Sample> tcpServices() {
        return services().filter(request -> request.protocol().equals("tcp"));
    }

    @Test
    void dropsANewFlowWhoseRepliesWouldBeTakenForAnothers() {
        tracker.pass(Sample.syn(CLIENT, SERVER));
        Outcome clash = tracker.passTo(Sample.syn(CLIENT, FRONTEND).to(FRONTEND, FRONTEND_PORT), SERVER, SERVER_PORT);
        assertThat(clash.reason()).isEqualTo("REASON_FLOW_CLASH");
        assertThat(tracker.entries()).isEqualTo(1);
    }

    @ParameterizedTest
    @MethodSource("firsts")
    void knowsNothingOfAFlowThatWasNotCommitted(Sample first) {
        tracker.look(first);
        Outcome again = tracker.look(first);
        assertThat(again.lane()).isEqualTo(Lane.FIRST);
        assertThat(known(again)).isZero();
        assertThat(tracker.entries()).isZero();
    }

    @ParameterizedTest
    @MethodSource("firsts")
    void sendsACommittedFlowByTheEstablishedLane(Sample first) {
        tracker.pass(first);
        Outcome second = tracker.look(first);
        assertThat(second.lane()).isEqualTo(Lane.ESTABLISHED);
        assertThat(known(second)).isEqualTo(tracker.constant("NOTE_KNOWN"));
        assertThat(second.note().get("route.kind")).isEqualTo(tracker.constant("ROUTE_NEIGHBOUR"));
        assertThat(second.note().get("route.ifindex")).isEqualTo(5);
        assertThat(tracker.entries()).isEqualTo(1);
    }

    @ParameterizedTest
    @MethodSource("firsts")
    void sendsTheFirstReplyByTheFirstLaneAndTheNextByTheOther(Sample first) {
        tracker.pass(first);
        Outcome reply = tracker.pass(first.reply("SYN", "ACK"));
        assertThat(reply.lane()).isEqualTo(Lane.FIRST);
        Outcome next = tracker.look(first.reply("ACK"));
        assertThat(next.lane()).isEqualTo(Lane.ESTABLISHED);
        assertThat(known(next))
                .isEqualTo(tracker.constant("NOTE_KNOWN") | tracker.constant("NOTE_REPLY"));
        assertThat(tracker.entries()).isEqualTo(1);
    }

    @ParameterizedTest
    @MethodSource("firsts")
    void judgesAFlowAgainWhenTheConfigurationHasChanged(Sample first) {
        tracker.pass(first);
        tracker.context.rejudge();
        Outcome judged = tracker.look(first);
        assertThat(judged.lane()).isEqualTo(Lane.FIRST);
        assertThat(known(judged)).isEqualTo(tracker.constant("NOTE_KNOWN"));
        assertThat(judged.note().get("route.kind")).isEqualTo(tracker.constant("ROUTE_UNKNOWN"));
        tracker.pass(first);
        assertThat(tracker.look(first).lane()).isEqualTo(Lane.ESTABLISHED);
    }

    @Test
    void judgesAFlowAgainThatWasJudgedWhileTheConfigurationChanged() {
        Sample first = Sample.udp(CLIENT, SERVER);
        tracker.pass(first, note -> tracker.context.rejudge());
        assertThat(tracker.look(first).lane()).isEqualTo(Lane.FIRST);
    }

    @ParameterizedTest
    @MethodSource("services")
    void translatesBothLegsOfATranslatedFlow(Sample request) {
        var backend = request.isIpv4() ? SERVER : SERVER6;
        tracker.passTo(request, backend, SERVER_PORT);
        assertThat(tracker.entries()).isEqualTo(2);

        Outcome next = tracker.look(request);
        assertThat(next.lane()).isEqualTo(Lane.TRANSLATED);
        assertThat(next.note().get("translate")).isEqualTo(tracker.constant("TRANSLATE_DESTINATION"));
        assertThat(next.note().address("new_addr")).isEqualTo(backend);
        assertThat(next.note().get("new_port")).isEqualTo(SERVER_PORT);

        Sample answer = request.to(backend, SERVER_PORT).reply("SYN", "ACK");
        Outcome reply = tracker.pass(answer);
        assertThat(reply.note().get("translate")).isEqualTo(tracker.constant("TRANSLATE_SOURCE"));
        assertThat(reply.note().address("new_addr")).isEqualTo(request.destination());
        assertThat(reply.note().get("new_port")).isEqualTo(FRONTEND_PORT);
        assertThat(tracker.look(answer).lane()).isEqualTo(Lane.TRANSLATED);
    }

    /** Past the first of them it is the short way's doing (carry_on.h). */
    @ParameterizedTest
    @MethodSource("services")
    void keepsBothLegsOfAConfirmedTranslatedFlowInItsLane(Sample request) {
        var backend = request.isIpv4() ? SERVER : SERVER6;
        Sample onward = request.with("ACK"), answer = request.to(backend, SERVER_PORT).reply("ACK");
        tracker.passTo(request, backend, SERVER_PORT);
        tracker.pass(request.to(backend, SERVER_PORT).reply("SYN", "ACK"));
        for (int packet = 0; packet < 4; packet++) {
            assertThat(tracker.look(onward).lane()).as("packet %d", packet).isEqualTo(Lane.TRANSLATED);
            assertThat(tracker.look(answer).lane()).as("answer %d", packet).isEqualTo(Lane.TRANSLATED);
        }
        assertThat(tracker.confirmed()).isEqualTo(2);
    }

    @ParameterizedTest
    @MethodSource("firstsOfPlain")
    void keepsBothLegsOfAConfirmedFlowInTheEstablishedLane(Sample first) {
        tracker.pass(first);
        tracker.pass(first.reply("SYN", "ACK"));
        for (int packet = 0; packet < 4; packet++) {
            assertThat(tracker.look(first.with("ACK")).lane()).as("packet %d", packet).isEqualTo(Lane.ESTABLISHED);
            assertThat(tracker.look(first.reply("ACK")).lane()).as("answer %d", packet).isEqualTo(Lane.ESTABLISHED);
        }
        assertThat(tracker.confirmed()).isEqualTo(1);
    }

    @ParameterizedTest
    @MethodSource("services")
    void leavesRewrittenPacketsThatComeByAgainAlone(Sample request) {
        var backend = request.isIpv4() ? SERVER : SERVER6;
        tracker.passTo(request, backend, SERVER_PORT);
        Outcome again = tracker.look(request.to(backend, SERVER_PORT));
        assertThat(again.lane()).isEqualTo(Lane.FIRST);
        assertThat(again.note().get("translate")).isEqualTo(tracker.constant("TRANSLATE_NONE"));
        assertThat(known(again)).isEqualTo(tracker.constant("NOTE_KNOWN"));
    }

    @Test
    void takesASynOverAClosedConnectionForANewOne() {
        Sample syn = Sample.syn(CLIENT, SERVER);
        tracker.pass(syn);
        tracker.pass(syn.reply("SYN", "ACK"));
        tracker.pass(syn.with("ACK"));
        tracker.pass(syn.with("FIN", "ACK"));
        assertThat(known(tracker.look(syn)))
                .isEqualTo(tracker.constant("NOTE_KNOWN") | tracker.constant("NOTE_NO_COMMIT"));
        tracker.pass(syn.reply("FIN", "ACK"));
        assertThat(known(tracker.look(syn))).isZero();
        assertThat(tracker.entries()).isZero();
    }

    @ParameterizedTest
    @MethodSource("tcpServices")
    void takesBothEntriesOutForASynOverAClosedConnection(Sample request) {
        var backend = request.isIpv4() ? SERVER : SERVER6;
        tracker.passTo(request, backend, SERVER_PORT);
        tracker.look(request.to(backend, SERVER_PORT).reply("RST", "ACK"));
        assertThat(tracker.look(request).note().get("translate")).isEqualTo(tracker.constant("TRANSLATE_NONE"));
        assertThat(tracker.entries()).isZero();
    }

    @Test
    void letsANewTranslatedFlowTakeAClosedOnesPlace() {
        Sample direct = Sample.syn(CLIENT, SERVER);
        tracker.pass(direct);
        tracker.look(direct.reply("RST", "ACK"));
        Outcome commit = tracker.passTo(Sample.syn(CLIENT, FRONTEND).to(FRONTEND, FRONTEND_PORT), SERVER, SERVER_PORT);
        assertThat(commit.verdict()).isEqualTo(Verdict.NEXT);
        assertThat(tracker.look(direct.reply("SYN", "ACK")).note().get("translate"))
                .isEqualTo(tracker.constant("TRANSLATE_SOURCE"));
        assertThat(tracker.entries()).isEqualTo(2);
    }

    @Test
    void makesNoFlowOfAReset() {
        tracker.pass(Sample.syn(CLIENT, SERVER).with("RST"));
        assertThat(tracker.entries()).isZero();
    }

    @Test
    void tellsTheTwoEndsOfOneAddressApartByTheirPorts() {
        assertThat(CLIENT_PORT).isNotEqualTo(SERVER_PORT);
        Sample first = Sample.udp(CLIENT, CLIENT);
        tracker.pass(first);
        assertThat(known(tracker.look(first))).isEqualTo(tracker.constant("NOTE_KNOWN"));
        assertThat(known(tracker.look(first.reply())))
                .isEqualTo(tracker.constant("NOTE_KNOWN") | tracker.constant("NOTE_REPLY"));
    }

    /** The flags that conntrack has set. */
    private long known(Outcome outcome) {
        return outcome.note().get("flags") & ~tracker.constant("NOTE_PLAIN");
    }
}
