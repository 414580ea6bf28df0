package io.manx.nat;

import static io.manx.nat.Given.BACKEND6;
import static io.manx.nat.Given.BACKEND_ONE;
import static io.manx.nat.Given.CLIENT;
import static io.manx.nat.Given.CLIENT6;
import static io.manx.nat.Given.FRONTEND;
import static io.manx.nat.Given.FRONTEND6;
import static io.manx.nat.Given.PORT;
import static io.manx.nat.Given.TARGET;
import static org.assertj.core.api.Assertions.assertThat;

import io.manx.testkit.Lane;
import io.manx.testkit.NoteView;
import io.manx.testkit.Outcome;
import io.manx.testkit.Packets;
import io.manx.testkit.StageHarness;
import io.manx.testkit.Verdict;
import java.net.InetAddress;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class NatStageTest {
    private static final int CLIENT_PORT = 40000;
    private static final int UDP_CHECKSUM_AT = 6;
    private static final int ICMPV6 = 58;

    private static StageHarness nat;

    @BeforeAll
    static void load() {
        nat = Objects.nat().load();
    }

    @AfterAll
    static void close() {
        nat.close();
    }

    static Stream<Sample> requests() {
        return Stream.of(
                Sample.tcp(CLIENT, CLIENT_PORT, FRONTEND, PORT),
                Sample.udp(CLIENT, CLIENT_PORT, FRONTEND, PORT),
                Sample.tcp(CLIENT6, CLIENT_PORT, FRONTEND6, PORT),
                Sample.udp(CLIENT6, CLIENT_PORT, FRONTEND6, PORT));
    }

    @ParameterizedTest
    @MethodSource("requests")
    void dropsPacketsThatEndBeforeTheirChecksum(Sample request) {
        byte[] cut = Packets.truncated(request.packet(), request.l4Offset() + 4);
        Outcome outcome = nat.run(cut, note -> toBackend(note, request, TARGET));
        assertThat(outcome.verdict()).isEqualTo(Verdict.DROP);
        assertThat(outcome.reason()).isEqualTo("REASON_NAT_FAILED");
    }

    @ParameterizedTest
    @MethodSource("requests")
    void dropsLaterFragmentsThatEndInTheirAddresses(Sample request) {
        byte[] cut = Packets.truncated(request.packet(), Packets.ETHERNET_BYTES + 16);
        Outcome outcome = nat.run(cut, note -> {
            toBackend(note, request, TARGET);
            note.set("flags", nat.constant("NOTE_FRAGMENT") | nat.constant("NOTE_NO_PORTS"));
        });
        assertThat(outcome.reason()).isEqualTo("REASON_NAT_FAILED");
    }

    @ParameterizedTest
    @MethodSource("requests")
    void leavesUntranslatedPacketsAlone(Sample request) {
        Outcome outcome = nat.run(request.packet(), request::writeTo);
        assertThat(outcome.verdict()).isEqualTo(Verdict.NEXT);
        assertThat(outcome.packet()).isEqualTo(request.packet());
    }

    @ParameterizedTest
    @MethodSource("requests")
    void rewritesRequestsToTheBackend(Sample request) {
        Outcome outcome = nat.run(request.packet(), note -> toBackend(note, request, TARGET));
        assertThat(outcome.verdict()).isEqualTo(Verdict.NEXT);
        assertThat(Packets.checksumErrors(outcome.packet())).isEmpty();
        assertThat(outcome.packet())
                .isEqualTo(request.to(backend(request), TARGET).packet());
    }

    @ParameterizedTest
    @MethodSource("requests")
    void rewritesRepliesToTheFrontend(Sample request) {
        Sample reply = new Sample(
                backend(request), TARGET, request.source(), request.sourcePort(), request.protocol());
        Outcome outcome = nat.run(reply.packet(), note -> {
            reply.writeTo(note);
            note.set("translate", nat.constant("TRANSLATE_SOURCE"))
                    .set("new_addr", request.destination())
                    .set("new_port", PORT);
        });
        assertThat(Packets.checksumErrors(outcome.packet())).isEmpty();
        assertThat(outcome.packet())
                .isEqualTo(reply.from(request.destination(), PORT).packet());
    }

    @ParameterizedTest
    @MethodSource("requests")
    void leavesThePortWhereNoneIsGiven(Sample request) {
        Outcome outcome = nat.run(request.packet(), note -> toBackend(note, request, 0));
        assertThat(outcome.packet()).isEqualTo(request.to(backend(request), PORT).packet());
    }

    @ParameterizedTest
    @MethodSource("requests")
    void keepsChecksumsRightWhateverThePacketHolds(Sample request) {
        Random random = new Random(20261122);
        for (int i = 0; i < 300; i++) {
            byte[] payload = new byte[random.nextInt(64)];
            random.nextBytes(payload);
            int port = 1 + random.nextInt(65535);
            InetAddress address = address(request, random);
            Outcome outcome = nat.run(request.packet(payload), note -> {
                toBackend(note, request, port);
                note.set("new_addr", address);
            });
            assertThat(Packets.checksumErrors(outcome.packet()))
                    .as("to %s port %d", address, port)
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("requests")
    void tellsLaterStagesWhatThePacketCarriedAndKeepsItsLane(Sample request) {
        Outcome outcome = nat.run(request.packet(), note -> {
            toBackend(note, request, TARGET);
            note.set("lane", nat.constant("LANE_TRANSLATED"));
        });
        assertThat(outcome.lane()).isEqualTo(Lane.TRANSLATED);
        assertThat(outcome.note().address("destination")).isEqualTo(request.destination());
        assertThat(outcome.note().get("destination_port")).isEqualTo(PORT);
    }

    @Test
    void leavesAUdpChecksumOfZero() {
        Sample request = Sample.udp(CLIENT, CLIENT_PORT, FRONTEND, PORT);
        int at = request.l4Offset() + UDP_CHECKSUM_AT;
        Outcome outcome = nat.run(
                Packets.with(request.packet(), at, 0, 0), note -> toBackend(note, request, TARGET));
        assertThat(outcome.packet())
                .isEqualTo(Packets.with(request.to(BACKEND_ONE, TARGET).packet(), at, 0, 0));
    }

    @Test
    void neverMakesAUdpChecksumZero() {
        Sample request = Sample.udp(CLIENT, CLIENT_PORT, FRONTEND, PORT);
        byte[] after = request.to(BACKEND_ONE, TARGET).packet(new byte[2]);
        int at = request.l4Offset() + UDP_CHECKSUM_AT;
        byte[] payload = {after[at], after[at + 1]};
        /* These sum up to zero, which is sent as its complement (RFC 768). */
        byte[] wanted = Packets.with(request.to(BACKEND_ONE, TARGET).packet(payload), at, 0xff, 0xff);
        assertThat(Packets.checksumErrors(wanted)).isEmpty();
        Outcome outcome = nat.run(request.packet(payload), note -> toBackend(note, request, TARGET));
        assertThat(outcome.packet()).isEqualTo(wanted);
    }

    @Test
    void rewritesTheAddressAloneOfLaterFragments() {
        Sample request = Sample.udp(CLIENT, CLIENT_PORT, FRONTEND, PORT);
        byte[] payload = new byte[64];
        Outcome outcome = nat.run(later(FRONTEND, payload), note -> {
            toBackend(note, request, TARGET);
            note.set("flags", nat.constant("NOTE_FRAGMENT") | nat.constant("NOTE_NO_PORTS"))
                    .set("source_port", 0)
                    .set("destination_port", 0);
        });
        assertThat(outcome.packet()).isEqualTo(later(BACKEND_ONE, payload));
    }

    @Test
    void rewritesPings() {
        byte[] ping = Packets.icmpEcho(CLIENT, FRONTEND, 7, 1).build();
        Outcome outcome = nat.run(ping, note -> {
            toBackend(note, Sample.udp(CLIENT, 7, FRONTEND, 7), 0);
            note.set("protocol", 1);
        });
        assertThat(outcome.packet())
                .isEqualTo(Packets.icmpEcho(CLIENT, BACKEND_ONE, 7, 1).build());
    }

    @Test
    void rewritesIpv6PingsWhoseChecksumCoversTheAddresses() {
        byte[] ping = Packets.icmpEcho(CLIENT6, FRONTEND6, 7, 1).build();
        Outcome outcome = nat.run(ping, note -> {
            toBackend(note, Sample.udp(CLIENT6, 7, FRONTEND6, 7), 0);
            note.set("protocol", ICMPV6);
        });
        assertThat(outcome.packet())
                .isEqualTo(Packets.icmpEcho(CLIENT6, BACKEND6, 7, 1).build());
    }

    private static void toBackend(NoteView note, Sample request, int port) {
        request.writeTo(note);
        note.set("translate", nat.constant("TRANSLATE_DESTINATION"))
                .set("new_addr", backend(request))
                .set("new_port", port);
    }

    private static InetAddress backend(Sample request) {
        return request.isIpv4() ? BACKEND_ONE : BACKEND6;
    }

    private static InetAddress address(Sample request, Random random) {
        return request.isIpv4()
                ? Packets.address("10." + random.nextInt(256) + "." + random.nextInt(256) + "." + random.nextInt(256))
                : Packets.address("fd00::" + Integer.toHexString(random.nextInt(65536)) + ":"
                        + Integer.toHexString(random.nextInt(65536)));
    }

    private static byte[] later(InetAddress to, byte[] payload) {
        return Packets.ip(CLIENT, to, Frontend.UDP, payload).fragment(1480, false).build();
    }
}
