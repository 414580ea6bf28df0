package io.manx.parse;

import static io.manx.parse.ParseStage.CLIENT;
import static io.manx.parse.ParseStage.CLIENT_PORT;
import static io.manx.parse.ParseStage.L3;
import static io.manx.parse.ParseStage.SERVER;
import static io.manx.parse.ParseStage.SERVER_PORT;
import static org.assertj.core.api.Assertions.assertThat;

import io.manx.testkit.NoteView;
import io.manx.testkit.PacketBuilder;
import io.manx.testkit.Packets;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** ip4.h: lengths, options, fragments. */
class Ipv4Test {
    private static final int TOTAL_LENGTH = L3 + 2;
    private static final int HEADER = 20;
    private static final int OSPF = 89;
    private static ParseStage parse;

    @BeforeAll
    static void load() {
        parse = new ParseStage();
    }

    @AfterAll
    static void close() {
        parse.close();
    }

    @Test
    void dropsAPacketThatEndsInItsHeader() {
        parse.drops(Packets.truncated(udp().build(), L3 + HEADER - 1), "REASON_TRUNCATED_L3");
    }

    @Test
    void dropsAPacketShorterThanItsTotalLength() {
        byte[] packet = udp().payload(100).build();
        parse.drops(Packets.truncated(packet, packet.length - 1), "REASON_IP_LENGTH_BEYOND");
    }

    @Test
    void dropsAnotherVersion() {
        parse.drops(Packets.with(udp().build(), L3, 0x65), "REASON_BAD_IP_VERSION");
    }

    @Test
    void dropsAHeaderLengthBelowTheLeast() {
        parse.drops(Packets.with(udp().build(), L3, 0x44), "REASON_BAD_IP_HEADER_LENGTH");
    }

    @Test
    void dropsATotalLengthBelowTheHeaders() {
        parse.drops(Packets.with(udp().build(), TOTAL_LENGTH, 0, HEADER - 1), "REASON_BAD_IP_TOTAL_LENGTH");
        parse.drops(Packets.with(udp().build(), TOTAL_LENGTH, 0, 0), "REASON_BAD_IP_TOTAL_LENGTH");
    }

    @Test
    void dropsALayer4ThatIsInThePaddingOnly() {
        byte[] packet = Packets.with(udp().payload(40).build(), TOTAL_LENGTH, 0, HEADER + 7);
        parse.drops(packet, "REASON_TRUNCATED_L4");
    }

    @Test
    void takesAFrameThatIsPadded() {
        byte[] packet = udp().payload(1).build();
        assertPorts(parse.note(Arrays.copyOf(packet, 60)));
    }

    @Test
    void findsLayer4BehindOptions() {
        NoteView note = parse.note(udp().ipv4Options(new byte[40]).build());
        assertThat(note.get("l4_offset")).isEqualTo(L3 + HEADER + 40);
        assertPorts(note);
    }

    @ParameterizedTest
    @ValueSource(strings = {"07010000", "01010703", "01010144", "44ff0000"})
    void dropsOptionsThatDoNotHangTogether(String hex) {
        parse.drops(udp().ipv4Options(HexFormat.of().parseHex(hex)).build(), "REASON_BAD_IP_OPTIONS");
    }

    @ParameterizedTest
    @ValueSource(strings = {"01010101", "07070400000000", "94040000", "8307040a000101", "0001ff00", "00ffffff"})
    void takesAnyLegalOptions(String hex) {
        assertPorts(parse.note(udp().ipv4Options(HexFormat.of().parseHex(hex)).build()));
    }

    @Test
    void notesOtherProtocolsByTheirNumber() {
        NoteView note = parse.note(Packets.ip(CLIENT, SERVER, OSPF, new byte[4]).build());
        assertThat(note.get("protocol")).isEqualTo(OSPF);
        assertThat(note.get("version")).isEqualTo(4);
        assertThat(note.get("source_port")).isZero();
        assertThat(note.get("flags")).isZero();
        assertThat(note.address("source")).isEqualTo(CLIENT);
        assertThat(note.address("destination")).isEqualTo(SERVER);
    }

    private static void assertPorts(NoteView note) {
        assertThat(note.get("source_port")).isEqualTo(CLIENT_PORT);
        assertThat(note.get("destination_port")).isEqualTo(SERVER_PORT);
    }

    private static PacketBuilder udp() {
        return Packets.udp(CLIENT, CLIENT_PORT, SERVER, SERVER_PORT);
    }
}
