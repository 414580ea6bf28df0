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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** transport.h: TCP, UDP, ICMP and ICMPv6, each over both versions of IP where that has a meaning. */
class TransportTest {
    private static final int IDENTIFIER = 0x1234;
    private static final int ON_LINK = 255;
    private static ParseStage parse;

    @BeforeAll
    static void load() {
        parse = new ParseStage();
    }

    @AfterAll
    static void close() {
        parse.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 6})
    void dropsHeadersThatAreNotWhole(int version) {
        parse.drops(bytes(version, 6, 19), "REASON_TRUNCATED_L4");
        parse.drops(bytes(version, 17, 7), "REASON_TRUNCATED_L4");
        parse.drops(bytes(version, version == 4 ? 1 : 58, 7), "REASON_TRUNCATED_L4");
    }

    @ParameterizedTest
    @CsvSource({"132,11", "136,7", "47,3", "50,7", "51,11", "132,0", "47,0"})
    void dropsOtherHeadersThatAreNotWhole(int protocol, int bytes) {
        parse.drops(bytes(4, protocol, bytes), "REASON_TRUNCATED_L4");
        parse.drops(bytes(6, protocol, bytes), "REASON_TRUNCATED_L4");
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 6})
    void dropsAnAuthenticationHeaderThatIsLongerThanThePacketOrShorterThanItself(int version) {
        byte[] packet = bytes(version, 51, 24);
        parse.note(Packets.with(packet, l4(version) + 1, 4));
        parse.drops(Packets.with(packet, l4(version) + 1, 5), "REASON_TRUNCATED_L4");
        parse.drops(Packets.with(packet, l4(version) + 1, 0), "REASON_TRUNCATED_L4");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 19})
    void dropsAUdpLiteCoverageThatCannotBe(int covered) {
        parse.drops(ports(4, 136, covered), "REASON_BAD_UDPLITE_COVERAGE");
        parse.drops(ports(6, 136, covered), "REASON_BAD_UDPLITE_COVERAGE");
    }

    @ParameterizedTest
    @ValueSource(ints = {0x00, 0x01, 0x03, 0x06, 0x05, 0x07, 0x08, 0x20, 0x29, 0x2b, 0x3f, 0x13, 0x16, 0x15, 0x40, 0xff})
    void dropsTcpFlagsThatMeanNothingTogether(int flags) {
        parse.drops(Packets.with(tcp(4).build(), l4(4) + 13, flags), "REASON_BAD_TCP_FLAGS");
        parse.drops(Packets.with(tcp(6).build(), l4(6) + 13, flags), "REASON_BAD_TCP_FLAGS");
    }

    @ParameterizedTest
    @ValueSource(ints = {0x02, 0x12, 0x04, 0x14, 0x10, 0x18, 0x11, 0x19, 0x30, 0x22, 0xc2, 0x52, 0x39})
    void takesTcpFlagsThatHaveAMeaning(int flags) {
        assertThat(parse.note(Packets.with(tcp(4).build(), l4(4) + 13, flags)).get("tcp_flags")).isEqualTo(flags);
    }

    @ParameterizedTest
    @CsvSource({"4,132,9", "6,132,9", "4,136,0", "6,136,0", "4,136,8", "6,136,18"})
    void notesPortsOfSctpAndUdpLite(int version, int protocol, int third) {
        NoteView note = parse.note(ports(version, protocol, third));
        assertThat(note.get("protocol")).isEqualTo(protocol);
        assertPorts(note);
    }

    @ParameterizedTest
    @CsvSource({"4,47", "6,47", "4,50", "6,50", "4,89", "6,89", "4,59"})
    void notesOthersByTheirNumber(int version, int protocol) {
        NoteView note = parse.note(bytes(version, protocol, 8));
        assertThat(note.get("protocol")).isEqualTo(protocol);
        assertThat(note.get("source_port")).isZero();
    }

    @Test
    void knowsAuthenticatedPacketsByTheirNumberInBothVersions() {
        for (int version : new int[] {4, 6}) {
            NoteView note = parse.note(Packets.with(bytes(version, 51, 32), l4(version), 6, 4));
            assertThat(note.get("protocol")).isEqualTo(51);
            assertThat(note.get("l4_offset")).isEqualTo(l4(version));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 6})
    void dropsATcpOffsetThatCannotBe(int version) {
        byte[] packet = tcp(version).build();
        int offset = l4(version) + 12;
        parse.drops(Packets.with(packet, offset, 0x40), "REASON_BAD_TCP_OFFSET");
        parse.drops(Packets.with(packet, offset, 0x60), "REASON_BAD_TCP_OFFSET");
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 6})
    void dropsAUdpLengthThatCannotBe(int version) {
        byte[] packet = udp(version).payload(10).build();
        int length = l4(version) + 4;
        parse.drops(Packets.with(packet, length, 0, 7), "REASON_BAD_UDP_LENGTH");
        parse.drops(Packets.with(packet, length, 0, 19), "REASON_BAD_UDP_LENGTH");
    }

    @ParameterizedTest
    @ValueSource(ints = {133, 134, 135, 136, 137})
    void passesNeighbourDiscovery(int type) {
        parse.passes(Packets.icmp(CLIENT6, SERVER6, type, 0, new byte[4])
                .payload(16)
                .ttl(ON_LINK)
                .build());
    }

    @ParameterizedTest
    @ValueSource(ints = {133, 135, 137})
    void judgesWhatOnlyLooksLikeNeighbourDiscovery(int type) {
        NoteView note = parse.note(Packets.icmp(CLIENT6, SERVER6, type, 0, new byte[4])
                .payload(16)
                .ttl(ON_LINK - 1)
                .build());
        assertThat(note.get("icmp_type")).isEqualTo(type);
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 6})
    void notesTcpPortsAndFlags(int version) {
        NoteView note = parse.note(tcp(version).flags("SYN", "ACK").build());
        assertThat(note.get("protocol")).isEqualTo(6);
        assertThat(note.get("l4_offset")).isEqualTo(l4(version));
        assertThat(note.get("tcp_flags")).isEqualTo(parse.flags("TCP_BIT_SYN", "TCP_BIT_ACK"));
        assertThat(note.get("flags")).isZero();
        assertPorts(note);
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 6})
    void makesNoFlowOfAReset(int version) {
        NoteView note = parse.note(tcp(version).flags("RST").build());
        assertThat(note.get("flags")).isEqualTo(parse.flags("NOTE_NO_COMMIT"));
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 6})
    void notesUdpPorts(int version) {
        NoteView note = parse.note(udp(version).payload(10).build());
        assertThat(note.get("protocol")).isEqualTo(17);
        assertThat(note.get("tcp_flags")).isZero();
        assertPorts(note);
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 6})
    void notesAnEchosIdentifierInBothPorts(int version) {
        PacketBuilder echo = Packets.icmpEcho(client(version), server(version), IDENTIFIER, 1);
        for (byte[] packet : new byte[][] {echo.build(), echo.reply().build()}) {
            NoteView note = parse.note(packet);
            assertThat(note.get("source_port")).isEqualTo(IDENTIFIER);
            assertThat(note.get("destination_port")).isEqualTo(IDENTIFIER);
            assertThat(note.get("flags")).isZero();
        }
    }

    @ParameterizedTest
    @CsvSource({"4,3", "4,4", "4,5", "4,11", "4,12", "6,1", "6,2", "6,3", "6,4"})
    void notesErrors(int version, int type) {
        byte[] error = Packets.icmpError(
                        server(version), client(version), type, 1, 0, udp(version).build())
                .build();
        NoteView note = parse.note(error);
        assertThat(note.get("flags")).isEqualTo(parse.flags("NOTE_ICMP_ERROR", "NOTE_NO_COMMIT"));
        assertThat(note.get("icmp_type")).isEqualTo(type);
        assertThat(note.get("icmp_code")).isEqualTo(1);
        assertThat(note.get("source_port")).isZero();
    }

    private static void assertPorts(NoteView note) {
        assertThat(note.get("source_port")).isEqualTo(CLIENT_PORT);
        assertThat(note.get("destination_port")).isEqualTo(SERVER_PORT);
    }

    private static int l4(int version) {
        return ParseStage.L3 + (version == 4 ? 20 : 40);
    }

    /** 18 bytes of a header that begins with two ports and a third number. */
    private static byte[] ports(int version, int protocol, int third) {
        byte[] packet = bytes(version, protocol, 18);
        return Packets.with(packet, l4(version), CLIENT_PORT >> 8, CLIENT_PORT, 0, SERVER_PORT, 0, third);
    }

    private static byte[] bytes(int version, int protocol, int count) {
        return Packets.ip(client(version), server(version), protocol, new byte[count])
                .build();
    }

    private static PacketBuilder tcp(int version) {
        return Packets.tcp(client(version), CLIENT_PORT, server(version), SERVER_PORT);
    }

    private static PacketBuilder udp(int version) {
        return Packets.udp(client(version), CLIENT_PORT, server(version), SERVER_PORT);
    }

    private static InetAddress client(int version) {
        return version == 4 ? CLIENT : CLIENT6;
    }

    private static InetAddress server(int version) {
        return version == 4 ? SERVER : SERVER6;
    }
}
