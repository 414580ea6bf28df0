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

import io.manx.testkit.NoteView;
import io.manx.testkit.Outcome;
import io.manx.testkit.Packets;
import io.manx.testkit.StageHarness;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** inner.h: an ICMP error about a translated packet, as the packet's sender is to see it. */
class ErrorRewriteTest {
    private static final int CLIENT_PORT = 40000;
    private static final int QUOTED_BYTES = 8;
    private static final InetAddress ROUTER = Packets.address("10.9.9.1");
    private static final InetAddress ROUTER6 = Packets.address("fd00:9::1");

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
    void dropsAnErrorThatEndsBeforeTheQuotedAddresses(Sample request) {
        byte[] error = error(router(request), request.source(), request.to(backend(request), TARGET).packet());
        Outcome outcome = nat.run(
                Packets.truncated(error, request.l4Offset() + 8 + 10),
                note -> asReply(note, request, router(request)));
        assertThat(outcome.reason()).isEqualTo("REASON_NAT_FAILED");
    }

    @ParameterizedTest
    @MethodSource("requests")
    void showsTheClientItsOwnPacketAndTheRouterThatComplains(Sample request) {
        byte[] about = request.to(backend(request), TARGET).packet();
        Outcome outcome = nat.run(
                error(router(request), request.source(), about), note -> asReply(note, request, router(request)));
        assertThat(Packets.checksumErrors(outcome.packet())).isEmpty();
        assertThat(outcome.packet()).isEqualTo(error(router(request), request.source(), request.packet()));
    }

    @ParameterizedTest
    @MethodSource("requests")
    void showsTheClientTheFrontendWhereTheBackendItselfComplains(Sample request) {
        byte[] about = request.to(backend(request), TARGET).packet();
        Outcome outcome = nat.run(
                error(backend(request), request.source(), about), note -> asReply(note, request, backend(request)));
        assertThat(Packets.checksumErrors(outcome.packet())).isEmpty();
        assertThat(outcome.packet()).isEqualTo(error(request.destination(), request.source(), request.packet()));
    }

    @ParameterizedTest
    @MethodSource("requests")
    void showsTheBackendItsOwnReply(Sample request) {
        Sample reply = new Sample(
                backend(request), TARGET, request.source(), request.sourcePort(), request.protocol());
        byte[] about = reply.from(request.destination(), PORT).packet();
        Outcome outcome = nat.run(error(router(request), request.destination(), about), note -> {
            writeError(note, request, router(request), request.destination());
            note.set("translate", nat.constant("TRANSLATE_DESTINATION"))
                    .set("new_addr", backend(request))
                    .set("new_port", TARGET);
        });
        assertThat(Packets.checksumErrors(outcome.packet())).isEmpty();
        assertThat(outcome.packet()).isEqualTo(error(router(request), backend(request), reply.packet()));
    }

    /** As RFC 792 has them: 8 bytes of layer 4, too few for a TCP checksum. */
    @ParameterizedTest
    @MethodSource("requests")
    void rewritesWhatIsThereOfAShortQuotation(Sample request) {
        int end = request.l4Offset() + QUOTED_BYTES;
        byte[] about = Arrays.copyOf(request.to(backend(request), TARGET).packet(), end);
        Outcome outcome = nat.run(
                error(router(request), request.source(), about), note -> asReply(note, request, router(request)));
        assertThat(Packets.checksumErrors(outcome.packet())).isEmpty();
        assertThat(outcome.packet())
                .isEqualTo(error(router(request), request.source(), Arrays.copyOf(request.packet(), end)));
    }

    /** As of one that was too big, where its sender cut it up, or a router on the way. */
    @ParameterizedTest
    @MethodSource("requests")
    void showsTheClientTheFirstFragmentOfItsOwn(Sample request) {
        byte[] about = request.to(backend(request), TARGET).firstFragment();
        Outcome outcome = nat.run(
                error(router(request), request.source(), about), note -> asReply(note, request, router(request)));
        assertThat(outcome.reason()).isEqualTo("REASON_NONE");
        assertThat(outcome.packet()).isEqualTo(error(router(request), request.source(), request.firstFragment()));
    }

    @ParameterizedTest
    @MethodSource("requests")
    void rewritesWhatIsThereOfAShortQuotationOfAFragment(Sample request) {
        int l4 = request.l4Offset() + (request.isIpv4() ? 0 : 8);
        byte[] about = Arrays.copyOf(request.to(backend(request), TARGET).firstFragment(), l4 + QUOTED_BYTES);
        Outcome outcome = nat.run(
                error(router(request), request.source(), about), note -> asReply(note, request, router(request)));
        assertThat(Packets.checksumErrors(outcome.packet())).isEmpty();
        assertThat(outcome.packet()).isEqualTo(error(
                router(request), request.source(), Arrays.copyOf(request.firstFragment(), l4 + QUOTED_BYTES)));
    }

    private static InetAddress router(Sample request) {
        return request.isIpv4() ? ROUTER : ROUTER6;
    }

    private static InetAddress backend(Sample request) {
        return request.isIpv4() ? BACKEND_ONE : BACKEND6;
    }

    /** Time exceeded. */
    private static byte[] error(InetAddress from, InetAddress to, byte[] about) {
        return Packets.icmpError(from, to, from.getAddress().length == 4 ? 11 : 3, 0, 0, about)
                .build();
    }

    private void asReply(NoteView note, Sample request, InetAddress from) {
        writeError(note, request, from, request.source());
        note.set("translate", nat.constant("TRANSLATE_SOURCE"))
                .set("new_addr", request.destination())
                .set("new_port", PORT);
    }

    private static void writeError(NoteView note, Sample request, InetAddress from, InetAddress to) {
        request.writeTo(note);
        note.set("protocol", request.isIpv4() ? 1 : 58)
                .set("flags", nat.constant("NOTE_ICMP_ERROR"))
                .set("source", from)
                .set("destination", to)
                .set("source_port", 0)
                .set("destination_port", 0);
    }
}
