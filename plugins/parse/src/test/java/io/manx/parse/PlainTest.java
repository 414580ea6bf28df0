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
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** plain.h: what the short way notes of a packet is what the long way does of the same one with a VLAN tag. */
class PlainTest {
    private static final int VLAN_TAG = 4;
    private static final List<String> NUMBERS = List.of(
            "flags",
            "version",
            "protocol",
            "source_port",
            "destination_port",
            "tcp_flags",
            "icmp_type",
            "icmp_code",
            "translate");
    private static final List<String> SEGMENT = List.of("tcp.seq", "tcp.end", "tcp.ack", "tcp.window");

    private static ParseStage parse;

    @BeforeAll
    static void load() {
        parse = new ParseStage();
    }

    @AfterAll
    static void close() {
        parse.close();
    }

    private static PacketBuilder tcp(int version, String... flags) {
        return (version == 4
                        ? Packets.tcp(CLIENT, CLIENT_PORT, SERVER, SERVER_PORT)
                        : Packets.tcp(CLIENT6, CLIENT_PORT, SERVER6, SERVER_PORT))
                .flags(flags)
                .sequence(0xfffffff0, 0x12345678)
                .window(501)
                .tcpOptions(1, 1, 1, 0)
                .payload(33);
    }

    private static PacketBuilder udp(int version) {
        return (version == 4
                        ? Packets.udp(CLIENT, CLIENT_PORT, SERVER, SERVER_PORT)
                        : Packets.udp(CLIENT6, CLIENT_PORT, SERVER6, SERVER_PORT))
                .payload(5);
    }

    private static NoteView alike(PacketBuilder packet, List<String> members) {
        NoteView plain = parse.note(packet.build());
        NoteView tagged = parse.note(packet.vlan(7).build());
        members.forEach(member ->
                assertThat(plain.get(member)).as(member).isEqualTo(tagged.get(member)));
        assertThat(plain.address("source")).isEqualTo(tagged.address("source"));
        assertThat(plain.address("destination")).isEqualTo(tagged.address("destination"));
        assertThat(plain.get("l3_offset") + VLAN_TAG).isEqualTo(tagged.get("l3_offset"));
        assertThat(plain.get("l4_offset") + VLAN_TAG).isEqualTo(tagged.get("l4_offset"));
        return plain;
    }

    @ParameterizedTest
    @CsvSource({
        "4, ACK, NOTE_PLAIN", "4, PSH ACK, NOTE_PLAIN", "4, SYN, ", "4, SYN ACK, ", "4, FIN ACK, ", "4, RST, NOTE_NO_COMMIT",
        "6, ACK, NOTE_PLAIN", "6, PSH ACK, NOTE_PLAIN", "6, SYN, ", "6, SYN ACK, ", "6, FIN ACK, ", "6, RST ACK, NOTE_NO_COMMIT",
    })
    void notesASegmentAlikeOnEitherWay(int version, String flags, String noted) {
        NoteView note = alike(tcp(version, flags.split(" ")), NUMBERS);
        alike(tcp(version, flags.split(" ")), SEGMENT);
        assertThat(note.get("flags")).isEqualTo(noted == null ? 0 : parse.flags(noted));
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 6})
    void notesADatagramAlikeOnEitherWay(int version) {
        assertThat(alike(udp(version), NUMBERS).get("flags")).isEqualTo(parse.flags("NOTE_PLAIN"));
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 6})
    void leavesWhatIsWrongToTheLongWay(int version) {
        byte[] segment = tcp(version, "ACK").build();
        parse.drops(Packets.truncated(segment, segment.length - 1), "REASON_IP_LENGTH_BEYOND");
        byte[] datagram = udp(version).build();
        parse.drops(Packets.truncated(datagram, datagram.length - 1), "REASON_IP_LENGTH_BEYOND");
    }
}
