package io.manx.conntrack;

import static io.manx.conntrack.Sample.CLIENT;
import static io.manx.conntrack.Sample.CLIENT_PORT;
import static io.manx.conntrack.Sample.SERVER;
import static io.manx.conntrack.Sample.SERVER_PORT;

import io.manx.testkit.NoteView;
import io.manx.testkit.Outcome;
import io.manx.testkit.PacketBuilder;
import io.manx.testkit.Packets;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A TCP connection from the client to the server, segment by segment: sequence numbers are told from each end's first
 * octet, whose number is high enough to come round.
 */
final class Conversation {
    private static final int CLIENT_FIRST = 0xfffffff0;
    private static final int SERVER_FIRST = 0x7ffffff8;
    private static final UnaryOperator<PacketBuilder> AS_IT_IS = packet -> packet;

    private final Tracker tracker;

    Conversation(Tracker tracker) {
        this.tracker = tracker;
    }

    /** What conntrack makes of a segment, which goes on to forward unless it is dropped. */
    Outcome client(int sequence, int acknowledgement, int payload, String... flags) {
        return client(sequence, acknowledgement, payload, AS_IT_IS, flags);
    }

    Outcome client(
            int sequence, int acknowledgement, int payload, UnaryOperator<PacketBuilder> more, String... flags) {
        return pass(
                Sample.syn(CLIENT, SERVER).with(flags),
                more.apply(Packets.tcp(CLIENT, CLIENT_PORT, SERVER, SERVER_PORT)
                        .sequence(CLIENT_FIRST + sequence, ack(SERVER_FIRST + acknowledgement, flags))
                        .flags(flags)
                        .payload(payload)));
    }

    Outcome server(int sequence, int acknowledgement, int payload, String... flags) {
        return server(sequence, acknowledgement, payload, AS_IT_IS, flags);
    }

    Outcome server(
            int sequence, int acknowledgement, int payload, UnaryOperator<PacketBuilder> more, String... flags) {
        return pass(
                Sample.syn(CLIENT, SERVER).reply(flags),
                more.apply(Packets.tcp(SERVER, SERVER_PORT, CLIENT, CLIENT_PORT)
                        .sequence(SERVER_FIRST + sequence, ack(CLIENT_FIRST + acknowledgement, flags))
                        .flags(flags)
                        .payload(payload)));
    }

    private static int ack(int number, String... flags) {
        return List.of(flags).contains("ACK") ? number : 0;
    }

    private Outcome pass(Sample sample, PacketBuilder packet) {
        byte[] bytes = packet.build();
        Outcome seen = tracker.conntrack.run(bytes, note -> sample.writeTo(note, tracker.conntrack, bytes));
        if (seen.reason().equals("REASON_NONE")) {
            tracker.commit(bytes, seen.note(), (NoteView note) -> {});
        }
        return seen;
    }

    /** The three segments that open it. */
    void open() {
        client(0, 0, 0, "SYN");
        server(0, 1, 0, "SYN", "ACK");
        client(1, 1, 0, "ACK");
    }

    /** As {@code manx flows} names it. */
    Flow.State state() {
        return new FlowTable(tracker.context).flows().findFirst().orElseThrow().state();
    }
}
