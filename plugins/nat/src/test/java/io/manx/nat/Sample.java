package io.manx.nat;

import io.manx.testkit.NoteView;
import io.manx.testkit.PacketBuilder;
import io.manx.testkit.Packets;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;

/** A packet of TCP or UDP, and what parse would write about it. */
record Sample(InetAddress source, int sourcePort, InetAddress destination, int destinationPort, int protocol) {
    private static final int IPV4_BYTES = 20;
    private static final int IPV6_BYTES = 40;

    static Sample tcp(InetAddress source, int sourcePort, InetAddress destination, int destinationPort) {
        return new Sample(source, sourcePort, destination, destinationPort, Frontend.TCP);
    }

    static Sample udp(InetAddress source, int sourcePort, InetAddress destination, int destinationPort) {
        return new Sample(source, sourcePort, destination, destinationPort, Frontend.UDP);
    }

    Sample to(InetAddress address, int port) {
        return new Sample(source, sourcePort, address, port, protocol);
    }

    Sample from(InetAddress address, int port) {
        return new Sample(address, port, destination, destinationPort, protocol);
    }

    byte[] packet() {
        return packet("hello".getBytes(StandardCharsets.US_ASCII));
    }

    byte[] packet(byte[] payload) {
        return builder().payload(payload).build();
    }

    /** The first fragment of a datagram that has more. */
    byte[] firstFragment() {
        return builder().payload(64).fragment(0, true).build();
    }

    private PacketBuilder builder() {
        return protocol == Frontend.TCP
                ? Packets.tcp(source, sourcePort, destination, destinationPort)
                : Packets.udp(source, sourcePort, destination, destinationPort);
    }

    boolean isIpv4() {
        return source.getAddress().length == 4;
    }

    /** Bytes from the packet's start. */
    int l4Offset() {
        return Packets.ETHERNET_BYTES + (isIpv4() ? IPV4_BYTES : IPV6_BYTES);
    }

    void writeTo(NoteView note) {
        note.set("version", isIpv4() ? 4 : 6)
                .set("protocol", protocol)
                .set("l3_offset", Packets.ETHERNET_BYTES)
                .set("l4_offset", l4Offset())
                .set("source", source)
                .set("destination", destination)
                .set("source_port", sourcePort)
                .set("destination_port", destinationPort);
    }
}
