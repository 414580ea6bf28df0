package io.manx.parse;

import static io.manx.parse.ParseStage.CLIENT;
import static io.manx.parse.ParseStage.CLIENT6;
import static io.manx.parse.ParseStage.CLIENT_PORT;
import static io.manx.parse.ParseStage.SERVER;
import static io.manx.parse.ParseStage.SERVER6;
import static io.manx.parse.ParseStage.SERVER_PORT;
import static org.assertj.core.api.Assertions.assertThat;

import io.manx.testkit.NoteView;
import io.manx.testkit.PacketBuilder;
import io.manx.testkit.Packets;
import java.net.InetAddress;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** fragment.h, datagram.h: fragments in their order, and what is wrong with some. */
class FragmentTest {
    private static final int IDENTIFIER = 0x1234;
    private static ParseStage parse;
    private static int lastId;
    private int id;

    @BeforeAll
    static void load() {
        parse = new ParseStage();
    }

    @AfterAll
    static void close() {
        parse.close();
    }

    @BeforeEach
    void beginAnotherDatagram() {
        id = ++lastId;
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 6})
    void dropsFragmentsWithoutDataOrOfOddLength(int version) {
        parse.drops(udp(version, 64, 0, false), "REASON_FRAGMENT_LENGTH");
        parse.drops(udp(version, 64, 63, true), "REASON_FRAGMENT_LENGTH");
        parse.drops(udp(version, 0, 65, true), "REASON_FRAGMENT_LENGTH");
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 6})
    void dropsFragmentsBeyondTheLongestDatagram(int version) {
        int most = 65535 - (version == 4 ? 20 : 0);
        parse.drops(udp(version, 65528, version == 4 ? 1 : 8, false), "REASON_FRAGMENT_BEYOND");
        int at = most / 8 * 8 - 80;
        parse.note(udp(version, 0, 64, true));
        parse.drops(udp(version, at, most - at + 1, false), "REASON_FRAGMENT_BEYOND");
        parse.note(udp(version, at, most - at, false));
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 6})
    void dropsFirstFragmentsWithoutTheirWholeHeaders(int version) {
        parse.drops(raw(version, 6, 16, 0), "REASON_FRAGMENT_TINY");
        parse.drops(Packets.with(raw(version, 6, 24, 0), l4(version) + 12, 0x70, 0x10), "REASON_FRAGMENT_TINY");
        parse.drops(raw(version, 132, 8, 0), "REASON_FRAGMENT_TINY");
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 16})
    void dropsFragmentsThatWouldOverwriteATcpHeader(int at) {
        parse.drops(raw(4, 6, 64, at), "REASON_FRAGMENT_TINY");
        parse.drops(raw(6, 6, 64, at), "REASON_FRAGMENT_TINY");
    }

    @ParameterizedTest
    @CsvSource({"6,133", "6,135", "6,1", "4,3", "4,11"})
    void dropsFragmentsOfWhatIsNeverCut(int version, int type) {
        byte[] packet = Packets.icmp(client(version), server(version), type, 0, new byte[4])
                .payload(56)
                .ttl(255)
                .fragment(0, true)
                .build();
        parse.drops(packet, "REASON_FRAGMENTED_CONTROL");
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 6})
    void givesLaterFragmentsTheirFirstOnesPorts(int version) {
        NoteView first = parse.note(udp(version, 0, 64, true));
        assertThat(first.get("flags")).isEqualTo(parse.flags("NOTE_FRAGMENT"));
        assertPorts(first);
        for (int at : new int[] {128, 64}) {
            NoteView later = parse.note(udp(version, at, at == 64 ? 64 : 3, at == 64));
            assertThat(later.get("flags"))
                    .isEqualTo(parse.flags("NOTE_FRAGMENT", "NOTE_NO_PORTS", "NOTE_NO_COMMIT"));
            assertThat(later.get("protocol")).isEqualTo(17);
            assertPorts(later);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 6})
    void takesAnEchosIdentifierForItsPorts(int version) {
        PacketBuilder echo = Packets.icmpEcho(client(version), server(version), IDENTIFIER, 1).identification(id);
        parse.note(echo.payload(56).fragment(0, true).build());
        NoteView later = parse.note(echo.payload(10).fragment(64, false).build());
        assertThat(later.get("source_port")).isEqualTo(IDENTIFIER);
        assertThat(later.get("destination_port")).isEqualTo(IDENTIFIER);
        assertThat(later.get("icmp_type")).isEqualTo(version == 4 ? 8 : 128);
    }

    /** RFC 8200, section 4.5: what later fragments say is not what counts. */
    @ParameterizedTest
    @ValueSource(ints = {60, 6})
    void takesTheProtocolFromTheFirstOfIpv6(int claimed) {
        parse.note(udp(6, 0, 64, true));
        NoteView later = parse.note(raw(6, claimed, 64, 64));
        assertThat(later.get("protocol")).isEqualTo(17);
        assertPorts(later);
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 6})
    void dropsADuplicateAlone(int version) {
        parse.note(udp(version, 0, 64, true));
        parse.drops(udp(version, 0, 64, true), "REASON_FRAGMENT_DUPLICATE");
        parse.note(udp(version, 64, 64, true));
        parse.drops(udp(version, 64, 64, true), "REASON_FRAGMENT_DUPLICATE");
        parse.drops(udp(version, 72, 8, true), "REASON_FRAGMENT_DUPLICATE");
        parse.note(udp(version, 128, 3, false));
        parse.drops(udp(version, 128, 3, false), "REASON_FRAGMENT_DUPLICATE");
    }

    @ParameterizedTest
    @CsvSource({"4,56", "6,56", "4,120", "6,120", "4,32", "6,32"})
    void dropsTheWholeRestOfADatagramWithAnOverlap(int version, int at) {
        parse.note(udp(version, 0, 64, true));
        parse.note(udp(version, 128, 64, true));
        parse.drops(udp(version, at, 96, true), "REASON_FRAGMENT_OVERLAP");
        parse.drops(udp(version, 256, 3, false), "REASON_FRAGMENT_OVERLAP");
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 6})
    void dropsWhatDisagreesAboutTheDatagramsEnd(int version) {
        parse.note(udp(version, 0, 64, true));
        parse.note(udp(version, 64, 10, false));
        parse.drops(udp(version, 80, 10, false), "REASON_FRAGMENT_END");
        beginAnotherDatagram();
        parse.note(udp(version, 0, 64, true));
        parse.note(udp(version, 128, 64, true));
        parse.drops(udp(version, 64, 10, false), "REASON_FRAGMENT_END");
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 6})
    void beginsAnewUnderTheNumberOfADatagramThatIsComplete(int version) {
        for (int port : new int[] {SERVER_PORT, SERVER_PORT + 1}) {
            parse.note(build(udp(version, port), 0, 64, true));
            NoteView last = parse.note(build(udp(version, port), 64, 10, false));
            assertThat(last.get("destination_port")).isEqualTo(port);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 6})
    void beginsAnewUnderTheNumberOfADatagramThatIsOldOrFellSilent(int version) {
        DatagramClock clock = new DatagramClock(parse);
        parse.note(udp(version, 0, 64, true));
        clock.wait(Duration.ofMillis(150));
        NoteView other = parse.note(build(udp(version, SERVER_PORT + 1), 0, 64, true));
        assertThat(other.get("destination_port")).isEqualTo(SERVER_PORT + 1);
        clock.wait(Duration.ofMillis(150));
        assertThat(parse.note(udp(version, 64, 8, true)).get("destination_port")).isEqualTo(SERVER_PORT + 1);
        clock.wait(Duration.ofSeconds(31));
        parse.keeps(udp(version, 128, 8, true));
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 6})
    void tellsDatagramsApartByNumberInterfaceAndAddresses(int version) {
        parse.note(udp(version, 0, 64, true));
        parse.keeps(build(Packets.udp(server(version), 1, client(version), 2), 64, 8, true));
        parse.keeps(udp(version, 72, 8, true), 7, 0);
        beginAnotherDatagram();
        parse.keeps(udp(version, 64, 8, true));
    }

    private static void assertPorts(NoteView note) {
        assertThat(note.get("source_port")).isEqualTo(CLIENT_PORT);
        assertThat(note.get("destination_port")).isEqualTo(SERVER_PORT);
    }

    /** A fragment with so many bytes of the datagram; in the first, 8 of them are the header. */
    private byte[] udp(int version, int at, int bytes, boolean more) {
        return build(udp(version, SERVER_PORT), at, bytes, more);
    }

    private byte[] build(PacketBuilder datagram, int at, int bytes, boolean more) {
        return datagram.identification(id)
                .payload(at == 0 ? bytes - 8 : bytes)
                .fragment(at, more)
                .build();
    }

    /** One of several, whose data are zeros. */
    private byte[] raw(int version, int protocol, int bytes, int at) {
        return Packets.ip(client(version), server(version), protocol, new byte[bytes])
                .identification(id)
                .fragment(at, true)
                .build();
    }

    private static PacketBuilder udp(int version, int port) {
        return Packets.udp(client(version), CLIENT_PORT, server(version), port);
    }

    private static int l4(int version) {
        return ParseStage.L3 + (version == 4 ? 20 : 48);
    }

    private static InetAddress client(int version) {
        return version == 4 ? CLIENT : CLIENT6;
    }

    private static InetAddress server(int version) {
        return version == 4 ? SERVER : SERVER6;
    }
}
