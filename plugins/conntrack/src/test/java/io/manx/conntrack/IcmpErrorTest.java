package io.manx.conntrack;

import static io.manx.conntrack.Sample.CLIENT;
import static io.manx.conntrack.Sample.CLIENT6;
import static io.manx.conntrack.Sample.FRONTEND;
import static io.manx.conntrack.Sample.FRONTEND6;
import static io.manx.conntrack.Sample.FRONTEND_PORT;
import static io.manx.conntrack.Sample.SERVER;
import static io.manx.conntrack.Sample.SERVER6;
import static io.manx.conntrack.Sample.SERVER_PORT;
import static org.assertj.core.api.Assertions.assertThat;

import io.manx.testkit.Lane;
import io.manx.testkit.NoteView;
import io.manx.testkit.Outcome;
import io.manx.testkit.Packets;
import io.manx.testkit.Verdict;
import java.net.InetAddress;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** icmp_error.h: an error about a packet of a known flow passes as the flow's own. */
class IcmpErrorTest {
    private static final InetAddress ROUTER = Packets.address("10.0.3.1");
    private static final InetAddress ROUTER6 = Packets.address("fd00:3::1");
    private Tracker tracker;

    @BeforeEach
    void load() {
        tracker = new Tracker();
    }

    @AfterEach
    void close() {
        tracker.close();
    }

    static Stream<Sample> flows() {
        return Stream.of(
                Sample.syn(CLIENT, SERVER),
                Sample.udp(CLIENT, SERVER),
                Sample.echo(CLIENT, SERVER),
                Sample.sctp(CLIENT, SERVER),
                Sample.udpLite(CLIENT, SERVER),
                Sample.sctp(CLIENT6, SERVER6),
                Sample.udpLite(CLIENT6, SERVER6),
                Sample.udp(CLIENT6, SERVER6),
                Sample.echo(CLIENT6, SERVER6));
    }

    @ParameterizedTest
    @MethodSource("flows")
    void dropsAnErrorAboutAnUnknownFlow(Sample about) {
        assertThat(error(about, about.source()).reason()).isEqualTo("REASON_ICMP_ERROR_NO_FLOW");
    }

    @Test
    void judgesWhatTheHostSaysOfAPacketThatItCouldNotSendOn() {
        Sample about = Sample.udp(CLIENT, SERVER);
        Outcome outcome = tracker.conntrack.run(packet(about, CLIENT), note -> {
            write(note, about, CLIENT);
            note.set("direction", tracker.constant("DIRECTION_EGRESS"));
        });
        assertThat(outcome.verdict()).isEqualTo(Verdict.NEXT);
        assertThat(outcome.note().get("flags")).isEqualTo(asParsed());
    }

    @Test
    void dropsAnErrorThatGoesToSomebodyElse() {
        Sample about = Sample.udp(CLIENT, SERVER);
        tracker.pass(about);
        InetAddress somebody = Packets.address("10.0.1.3");
        assertThat(error(about, somebody).reason()).isEqualTo("REASON_ICMP_ERROR_NO_FLOW");
    }

    @Test
    void dropsAnErrorThatEndsInThePacketItIsAbout() {
        Sample about = Sample.udp(CLIENT, SERVER);
        tracker.pass(about);
        byte[] packet = packet(about, CLIENT);
        Outcome outcome =
                tracker.conntrack.run(Packets.truncated(packet, 34 + 8 + 24), note -> write(note, about, CLIENT));
        assertThat(outcome.reason()).isEqualTo("REASON_ICMP_ERROR_NO_FLOW");
    }

    @ParameterizedTest
    @MethodSource("flows")
    void letsAnErrorAboutAKnownFlowPassByTheFirstLane(Sample about) {
        tracker.pass(about);
        Outcome outcome = error(about, about.source());
        assertThat(outcome.lane()).isEqualTo(Lane.FIRST);
        assertThat(outcome.note().get("flags"))
                .isEqualTo(asParsed() | tracker.constant("NOTE_KNOWN") | tracker.constant("NOTE_REPLY"));
    }

    static Stream<Sample> services() {
        return Stream.of(
                Sample.syn(CLIENT, FRONTEND).to(FRONTEND, FRONTEND_PORT),
                Sample.udp(CLIENT, FRONTEND).to(FRONTEND, FRONTEND_PORT),
                Sample.udp(CLIENT6, FRONTEND6).to(FRONTEND6, FRONTEND_PORT));
    }

    @ParameterizedTest
    @MethodSource("services")
    void tellsNatToShowTheOriginatorItsOwnPacket(Sample request) {
        InetAddress backend = request.isIpv4() ? SERVER : SERVER6;
        tracker.passTo(request, backend, SERVER_PORT);
        Outcome outcome = error(request.to(backend, SERVER_PORT), request.source());
        NoteView note = outcome.note();
        assertThat(outcome.lane()).isEqualTo(Lane.FIRST);
        assertThat(note.get("translate")).isEqualTo(tracker.constant("TRANSLATE_SOURCE"));
        assertThat(note.address("new_addr")).isEqualTo(request.destination());
        assertThat(note.get("new_port")).isEqualTo(FRONTEND_PORT);
    }

    @ParameterizedTest
    @MethodSource("services")
    void tellsNatToShowTheResponderItsOwnPacket(Sample request) {
        InetAddress backend = request.isIpv4() ? SERVER : SERVER6;
        tracker.passTo(request, backend, SERVER_PORT);
        NoteView note = error(request.reply("SYN", "ACK"), request.destination()).note();
        assertThat(note.get("translate")).isEqualTo(tracker.constant("TRANSLATE_DESTINATION"));
        assertThat(note.address("new_addr")).isEqualTo(backend);
        assertThat(note.get("new_port")).isEqualTo(SERVER_PORT);
    }

    @ParameterizedTest
    @MethodSource("services")
    void leavesAnErrorAboutAPacketBeforeItsTranslationAlone(Sample request) {
        tracker.passTo(request, request.isIpv4() ? SERVER : SERVER6, SERVER_PORT);
        Outcome outcome = error(request, request.source());
        assertThat(outcome.verdict()).isEqualTo(Verdict.NEXT);
        assertThat(outcome.note().get("translate")).isEqualTo(tracker.constant("TRANSLATE_NONE"));
    }

    @Test
    void commitsNothingForAnError() {
        Sample about = Sample.udp(CLIENT, SERVER);
        tracker.pass(about);
        tracker.commit.run(packet(about, CLIENT), note -> write(note, about, CLIENT));
        assertThat(tracker.entries()).isEqualTo(1);
    }

    private Outcome error(Sample about, InetAddress to) {
        return tracker.conntrack.run(packet(about, to), note -> write(note, about, to));
    }

    private static byte[] packet(Sample about, InetAddress to) {
        boolean v4 = about.isIpv4();
        return Packets.icmpError(v4 ? ROUTER : ROUTER6, to, v4 ? 11 : 3, 0, 0, about.packet())
                .build();
    }

    private void write(NoteView note, Sample about, InetAddress to) {
        boolean v4 = about.isIpv4();
        note.set("version", v4 ? 4 : 6)
                .set("protocol", v4 ? 1 : 58)
                .set("l3_offset", 14)
                .set("l4_offset", v4 ? 34 : 54)
                .set("source", v4 ? ROUTER : ROUTER6)
                .set("destination", to)
                .set("flags", asParsed());
    }

    private long asParsed() {
        return tracker.constant("NOTE_ICMP_ERROR") | tracker.constant("NOTE_NO_COMMIT");
    }
}
