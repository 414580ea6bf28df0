package io.manx.parse;

import static io.manx.parse.ParseStage.CLIENT6;
import static io.manx.parse.ParseStage.CLIENT_PORT;
import static io.manx.parse.ParseStage.L3;
import static io.manx.parse.ParseStage.SERVER6;
import static io.manx.parse.ParseStage.SERVER_PORT;
import static org.assertj.core.api.Assertions.assertThat;

import io.manx.testkit.NoteView;
import io.manx.testkit.PacketBuilder;
import io.manx.testkit.Packets;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** ip6.h: lengths, extension headers, fragments. */
class Ipv6Test {
    private static final int HEADER = 40;
    private static final int HOP_BY_HOP = 0;
    private static final int ROUTING = 43;
    private static final int DESTINATION_OPTIONS = 60;
    private static final int NO_NEXT_HEADER = 59;
    private static final int FRAGMENT = 44;
    private static final int SEGMENT_ROUTING = 4;
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
    void dropsAPacketShorterThanItsPayloadLength() {
        byte[] packet = udp().payload(100).build();
        parse.drops(Packets.truncated(packet, packet.length - 1), "REASON_IP_LENGTH_BEYOND");
    }

    @Test
    void dropsAnotherVersion() {
        parse.drops(Packets.with(udp().build(), L3, 0x45), "REASON_BAD_IP_VERSION");
    }

    @Test
    void dropsAnExtensionHeaderThatIsLongerThanThePacket() {
        byte[] packet = udp().extension(DESTINATION_OPTIONS, 8).build();
        parse.drops(Packets.with(packet, L3 + HEADER + 1, 200), "REASON_BAD_IP_OPTIONS");
    }

    @Test
    void dropsMoreExtensionHeadersThanEight() {
        parse.drops(extensions(9).build(), "REASON_BAD_IP_OPTIONS");
    }

    @Test
    void dropsMoreBytesOfExtensionHeadersThanItFollows() {
        parse.drops(udp().extension(DESTINATION_OPTIONS, 1024).build(), "REASON_BAD_IP_OPTIONS");
    }

    @Test
    void dropsAnExtensionHeaderThatIsNotThere() {
        byte[] packet = Packets.ip(CLIENT6, SERVER6, HOP_BY_HOP, new byte[0]).build();
        parse.drops(packet, "REASON_TRUNCATED_L3");
    }

    @Test
    void dropsALayer4ThatIsInThePaddingOnly() {
        byte[] packet = Packets.with(udp().payload(40).build(), L3 + 4, 0, 7);
        parse.drops(packet, "REASON_TRUNCATED_L4");
    }

    @Test
    void takesAFrameThatIsPadded() {
        byte[] packet = udp().build();
        assertPorts(parse.note(Arrays.copyOf(packet, packet.length + 6)));
    }

    @Test
    void notesAddressesAndPorts() {
        NoteView note = parse.note(udp().build());
        assertThat(note.get("version")).isEqualTo(6);
        assertThat(note.get("l3_offset")).isEqualTo(L3);
        assertThat(note.get("l4_offset")).isEqualTo(L3 + HEADER);
        assertThat(note.address("source")).isEqualTo(CLIENT6);
        assertThat(note.address("destination")).isEqualTo(SERVER6);
        assertThat(note.get("flags")).isEqualTo(parse.flags("NOTE_PLAIN"));
        assertPorts(note);
    }

    @Test
    void findsLayer4BehindExtensionHeaders() {
        byte[] packet = udp().extension(HOP_BY_HOP, 8)
                .extension(ROUTING, 24)
                .extension(DESTINATION_OPTIONS, 264)
                .build();
        NoteView note = parse.note(Packets.with(packet, L3 + HEADER + 8 + 2, SEGMENT_ROUTING));
        assertThat(note.get("l4_offset")).isEqualTo(L3 + HEADER + 8 + 24 + 264);
        assertThat(note.get("protocol")).isEqualTo(17);
        assertPorts(note);
    }

    @Test
    void findsLayer4BehindEightExtensionHeaders() {
        assertPorts(parse.note(extensions(8).build()));
    }

    @Test
    void dropsARoutingHeaderThatSendsPacketsToAndFro() {
        parse.drops(udp().extension(ROUTING, 24).build(), "REASON_ROUTING_TYPE_0");
    }

    @Test
    void dropsHopByHopOptionsThatAreNotFirst() {
        byte[] packet = udp().extension(DESTINATION_OPTIONS, 8).extension(HOP_BY_HOP, 8).build();
        parse.drops(packet, "REASON_BAD_IP_OPTIONS");
    }

    @Test
    void dropsAFragmentOfAFragment() {
        byte[] packet = udp().extension(FRAGMENT, 8).payload(64).fragment(0, true).build();
        parse.drops(Packets.with(packet, L3 + HEADER + 1, 0), "REASON_BAD_IP_OPTIONS");
    }

    @Test
    void dropsBytesBehindTheHeaderThatSaysItIsTheLast() {
        parse.drops(Packets.ip(CLIENT6, SERVER6, NO_NEXT_HEADER, new byte[1]).build(), "REASON_NO_NEXT_HEADER");
        byte[] behind = Packets.ip(CLIENT6, SERVER6, NO_NEXT_HEADER, new byte[8]).extension(DESTINATION_OPTIONS, 8).build();
        parse.drops(behind, "REASON_NO_NEXT_HEADER");
    }

    @Test
    void takesAnAtomicFragmentForAWholePacket() {
        NoteView note = parse.note(udp().payload(64).fragment(0, false).build());
        assertThat(note.get("flags")).isEqualTo(parse.flags("NOTE_PLAIN"));
        assertPorts(note);
    }

    @Test
    void takesAPacketWithoutANextHeader() {
        NoteView note = parse.note(
                Packets.ip(CLIENT6, SERVER6, NO_NEXT_HEADER, new byte[0]).build());
        assertThat(note.get("protocol")).isEqualTo(NO_NEXT_HEADER);
    }

    private static PacketBuilder extensions(int count) {
        PacketBuilder packet = udp();
        for (int i = 0; i < count; i++) {
            packet.extension(DESTINATION_OPTIONS, 8);
        }
        return packet;
    }

    private static void assertPorts(NoteView note) {
        assertThat(note.get("source_port")).isEqualTo(CLIENT_PORT);
        assertThat(note.get("destination_port")).isEqualTo(SERVER_PORT);
    }

    private static PacketBuilder udp() {
        return Packets.udp(CLIENT6, CLIENT_PORT, SERVER6, SERVER_PORT);
    }
}
