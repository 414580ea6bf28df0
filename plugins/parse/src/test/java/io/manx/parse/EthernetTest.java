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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** ethernet.h: frames with and without tags, and those that are no IP. */
class EthernetTest {
    private static final int VLAN = 0x8100;
    private static final int LLDP = 0x88cc;
    private static final int TAG_BYTES = 4;
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
    void dropsAFrameThatEndsInItsTag() {
        parse.drops(Packets.ethernet(VLAN, new byte[2]), "REASON_TRUNCATED_L2");
    }

    @Test
    void passesArp() {
        parse.passes(Packets.arp(CLIENT, SERVER));
    }

    @Test
    void passesWhatIsNoIp() {
        parse.passes(Packets.ethernet(LLDP, new byte[46]));
    }

    @Test
    void passesFramesOfMoreTagsThanTwo() {
        parse.passes(udp().vlan(1).vlan(2).vlan(3).build());
    }

    @Test
    void findsIpBehindOneTagAndBehindTwo() {
        assertOffsets(parse.note(udp().build()), L3);
        assertOffsets(parse.note(udp().vlan(7).build()), L3 + TAG_BYTES);
        assertOffsets(parse.note(udp().vlan(7).vlan(8).build()), L3 + 2 * TAG_BYTES);
    }

    private static void assertOffsets(NoteView note, int l3) {
        assertThat(note.get("l3_offset")).isEqualTo(l3);
        assertThat(note.get("l4_offset")).isEqualTo(l3 + 20);
        assertThat(note.get("destination_port")).isEqualTo(SERVER_PORT);
    }

    private static PacketBuilder udp() {
        return Packets.udp(CLIENT, CLIENT_PORT, SERVER, SERVER_PORT);
    }
}
