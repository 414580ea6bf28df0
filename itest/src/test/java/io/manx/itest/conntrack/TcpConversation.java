package io.manx.itest.conntrack;

import io.manx.testkit.PacketBuilder;
import io.manx.testkit.Packets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/** The segments of a TCP connection both of whose ends are made up: what is sent is taken to have arrived. */
final class TcpConversation {
    private final RandomGenerator random;
    private final List<Step> steps = new ArrayList<>();
    final TcpEnd client;
    final TcpEnd server;

    /** @param serverOf of this family */
    TcpConversation(RandomGenerator random, Function<Boolean, Peer> serverOf) {
        this.random = random;
        boolean v6 = random.nextInt(4) == 0;
        client = new TcpEnd(Side.CLIENT, Hosts.client(v6, random), random.nextInt(1024, 65536));
        server = new TcpEnd(Side.SERVER, serverOf.apply(v6));
        begin();
    }

    /** New sequence numbers, windows and scales. */
    void begin() {
        for (TcpEnd end : List.of(client, server)) {
            end.first = random.nextInt(8) == 0 ? -random.nextInt(3000) : random.nextInt();
            end.next = end.first;
            end.window = random.nextInt(5) == 0 ? random.nextInt(1, 3000) : random.nextInt(8192, 65536);
            end.scale = random.nextInt(3) == 0 ? TcpEnd.NO_SCALE : random.nextInt(0, 9);
            end.finSent = false;
            end.lastBytes = 0;
        }
        client.expects = server.first;
        server.expects = client.first;
    }

    List<Step> steps() {
        return steps;
    }

    TcpEnd other(TcpEnd end) {
        return end == client ? server : client;
    }

    TcpEnd either() {
        return random.nextBoolean() ? client : server;
    }

    boolean scaled() {
        return client.scale != TcpEnd.NO_SCALE && server.scale != TcpEnd.NO_SCALE;
    }

    /** Bytes that its far end takes from this one now. */
    int roomFor(TcpEnd end) {
        return Math.max(0, other(end).edge - end.next);
    }

    /** The segment that it sends next tells its window. */
    private void tellWindow(TcpEnd from, boolean handshake) {
        from.edge = from.expects + (scaled() && !handshake ? from.window << from.scale : from.window);
    }

    void syn(TcpEnd from, Event event) {
        from.next = from.first + 1;
        other(from).expects = from.next;
        tellWindow(from, true);
        add(from, event, handshake(from, from.first, 0, "SYN"), "");
    }

    void synAck(TcpEnd from) {
        from.next = from.first + 1;
        other(from).expects = from.next;
        tellWindow(from, true);
        add(from, Event.SYN_ACK, handshake(from, from.first, from.expects, "SYN", "ACK"), "");
    }

    /** MSS always; scaling, SACK and time stamps where the end has them. */
    private PacketBuilder handshake(TcpEnd from, int sequence, int acknowledgement, String... flags) {
        PacketBuilder segment = segment(from, sequence, acknowledgement).flags(flags);
        return from.scale == TcpEnd.NO_SCALE
                ? segment.tcpOptions(2, 4, 5, 0xb4)
                : segment.tcpOptions(2, 4, 5, 0xb4, 4, 2, 1, 3, 3, from.scale);
    }

    /** Handshake of three, each of which may be sent twice. */
    void open() {
        syn(client, Event.SYN);
        if (random.nextInt(8) == 0) {
            syn(client, Event.SYN);
        }
        synAck(server);
        if (random.nextInt(8) == 0) {
            synAck(server);
        }
        ack(client);
    }

    void ack(TcpEnd from) {
        ack(from, Event.ACK);
    }

    void ack(TcpEnd from, Event event) {
        tellWindow(from, false);
        send(from, event, from.next, from.expects, 0, "ACK");
    }

    void data(TcpEnd from, int bytes) {
        from.lastSequence = from.next;
        from.lastBytes = bytes;
        tellWindow(from, false);
        send(from, Event.DATA, from.next, from.expects, bytes, "ACK", "PSH");
        from.next += bytes;
        other(from).expects = from.next;
    }

    void fin(TcpEnd from) {
        tellWindow(from, false);
        send(from, Event.FIN, from.next, from.expects, 0, "FIN", "ACK");
        if (!from.finSent) {
            from.next++;
            from.finSent = true;
            other(from).expects = from.next;
        }
    }

    /** Any segment, which leaves what the ends expect as it was. */
    void send(TcpEnd from, Event event, int sequence, int acknowledgement, int bytes, String... flags) {
        add(from, event, segment(from, sequence, acknowledgement).flags(flags).payload(bytes), bytes + " bytes");
    }

    /** A SYN whose sequence number is this, with or without options. */
    void synAt(TcpEnd from, Event event, int sequence) {
        add(from, event, handshake(from, sequence, 0, "SYN"), "");
    }

    PacketBuilder segment(TcpEnd from, int sequence, int acknowledgement) {
        return Packets.tcp(from.address, from.port, other(from).seen, other(from).seenPort)
                .macs(Hosts.macOf(from.side), Hosts.gatewayMacOf(from.side))
                .identification(random.nextInt(65536))
                .sequence(sequence, acknowledgement)
                .window(from.window);
    }

    void add(TcpEnd from, Event event, PacketBuilder segment, String more) {
        add(from, event, segment.build(), more);
    }

    void add(TcpEnd from, Event event, byte[] frame, String more) {
        steps.add(new Step(from.side, event, TcpText.of(frame, from.first, other(from).first) + " " + more, frame));
    }
}
