package io.manx.conntrack;

import io.manx.testkit.NoteView;
import io.manx.testkit.PacketBuilder;
import io.manx.testkit.Packets;
import io.manx.testkit.StageHarness;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.List;

/** A packet by what parse notes of it. @param protocol tcp, udp, sctp, udplite or icmp (echo: the port is the identifier) */
record Sample(
        String protocol, InetAddress source, int sourcePort, InetAddress destination, int destinationPort, String... flags) {
    static final InetAddress CLIENT = Packets.address("10.0.1.2");
    static final InetAddress SERVER = Packets.address("10.0.2.2");
    static final InetAddress FRONTEND = Packets.address("10.96.0.10");
    static final InetAddress CLIENT6 = Packets.address("fd00:1::2");
    static final InetAddress SERVER6 = Packets.address("fd00:2::2");
    static final InetAddress FRONTEND6 = Packets.address("fd00:96::10");
    /** Both high, so that their halves are compared across the sign. */
    static final int ORIGINATOR_SEQUENCE = 0xfffffff0;

    static final int RESPONDER_SEQUENCE = 0x7ffffff8;
    static final int CLIENT_PORT = 40000;
    static final int SERVER_PORT = 8080;
    static final int FRONTEND_PORT = 80;

    static Sample syn(InetAddress source, InetAddress destination) {
        return new Sample("tcp", source, CLIENT_PORT, destination, SERVER_PORT, "SYN");
    }

    static Sample udp(InetAddress source, InetAddress destination) {
        return new Sample("udp", source, CLIENT_PORT, destination, SERVER_PORT);
    }

    static Sample sctp(InetAddress source, InetAddress destination) {
        return new Sample("sctp", source, CLIENT_PORT, destination, SERVER_PORT);
    }

    static Sample udpLite(InetAddress source, InetAddress destination) {
        return new Sample("udplite", source, CLIENT_PORT, destination, SERVER_PORT);
    }

    static Sample echo(InetAddress source, InetAddress destination) {
        return new Sample("icmp", source, 7, destination, 7);
    }

    /** The same way, with other TCP flags. */
    Sample with(String... others) {
        return new Sample(protocol, source, sourcePort, destination, destinationPort, others);
    }

    /** The other way. */
    Sample reply(String... others) {
        return new Sample(protocol, destination, destinationPort, source, sourcePort, others);
    }

    Sample to(InetAddress other, int port) {
        return new Sample(protocol, source, sourcePort, other, port, flags);
    }

    boolean isIpv4() {
        return source instanceof Inet4Address;
    }

    int protocolNumber() {
        return switch (protocol) {
            case "tcp" -> 6;
            case "udp" -> 17;
            case "sctp" -> 132;
            case "udplite" -> 136;
            default -> isIpv4() ? 1 : 58;
        };
    }

    /** As the originator's own: it is the one with the client's port. */
    private boolean fromOriginator() {
        return sourcePort == CLIENT_PORT;
    }

    private boolean has(String flag) {
        return List.of(flags).contains(flag);
    }

    /** A SYN is its sender's first octet; all else comes right after it, and acknowledges the other's. */
    private PacketBuilder tcp() {
        int mine = fromOriginator() ? ORIGINATOR_SEQUENCE : RESPONDER_SEQUENCE;
        int theirs = fromOriginator() ? RESPONDER_SEQUENCE : ORIGINATOR_SEQUENCE;
        return Packets.tcp(source, sourcePort, destination, destinationPort)
                .flags(flags)
                .sequence(mine + (has("SYN") ? 0 : 1), has("ACK") ? theirs + 1 : 0)
                .payload(0);
    }

    byte[] packet() {
        return switch (protocol) {
            case "tcp" -> tcp().build();
            case "udp" -> Packets.udp(source, sourcePort, destination, destinationPort).payload(8).build();
            case "sctp", "udplite" -> Packets.ip(source, destination, protocolNumber(), portsFirst()).build();
            default -> (asks() ? echo() : echo().reply()).payload(8).build();
        };
    }

    /** The common header of SCTP, or UDP-Lite's: what conntrack does not look at is zero. */
    private byte[] portsFirst() {
        return ByteBuffer.allocate(16).putShort((short) sourcePort).putShort((short) destinationPort).array();
    }

    private PacketBuilder echo() {
        return Packets.icmpEcho(source, destination, sourcePort, 1);
    }

    /** Of an echo: it is the client that asks. */
    private boolean asks() {
        return source.equals(CLIENT) || source.equals(CLIENT6);
    }

    private int icmpType() {
        return isIpv4() ? (asks() ? 8 : 0) : asks() ? 128 : 129;
    }

    void writeTo(NoteView note, StageHarness stage) {
        writeTo(note, stage, packet());
    }

    /** @param packet of the same ends and flags, with sequence numbers of its own */
    void writeTo(NoteView note, StageHarness stage, byte[] packet) {
        note.set("version", isIpv4() ? 4 : 6)
                .set("protocol", protocolNumber())
                .set("l3_offset", 14)
                .set("l4_offset", isIpv4() ? 34 : 54)
                .set("source", source)
                .set("destination", destination)
                .set("source_port", sourcePort)
                .set("destination_port", destinationPort);
        if (protocol.equals("icmp")) {
            note.set("icmp_type", icmpType());
        }
        long bits = 0;
        for (String flag : flags) {
            bits |= stage.constant("TCP_BIT_" + flag);
        }
        note.set("tcp_flags", bits);
        if (protocol.equals("tcp")) {
            writeSegment(note, ByteBuffer.wrap(packet, isIpv4() ? 34 : 54, packet.length - (isIpv4() ? 34 : 54)).slice());
        }
        if ((bits & stage.constant("TCP_BIT_RST")) != 0) {
            note.set("flags", stage.constant("NOTE_NO_COMMIT"));
        } else if (isPlain()) {
            note.set("flags", stage.constant("NOTE_PLAIN"));
        }
    }

    /** What neither opens nor ends anything. */
    private boolean isPlain() {
        return protocol.equals("udp")
                || protocol.equals("tcp") && has("ACK") && !has("SYN") && !has("FIN");
    }

    /** @param tcp from its header on, up to the packet's end */
    private void writeSegment(NoteView note, ByteBuffer tcp) {
        int payload = tcp.remaining() - (tcp.get(12) >> 4 & 0xf) * 4;
        note.set("tcp.seq", tcp.getInt(4) & 0xffffffffL)
                .set("tcp.end", tcp.getInt(4) + payload + (has("SYN") ? 1 : 0) + (has("FIN") ? 1 : 0) & 0xffffffffL)
                .set("tcp.ack", tcp.getInt(8) & 0xffffffffL)
                .set("tcp.window", tcp.getShort(14) & 0xffff);
    }
}
