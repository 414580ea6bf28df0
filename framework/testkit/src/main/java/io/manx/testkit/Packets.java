package io.manx.testkit;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import org.pcap4j.packet.EthernetPacket;
import org.pcap4j.packet.IllegalRawDataException;
import org.pcap4j.packet.Packet;

/**
 * Packets for tests, from the Ethernet header on, with right lengths and checksums; and ways to break them.
 *
 * <pre>{@code
 * byte[] syn = Packets.tcp(CLIENT, 40000, FRONTEND, 80).flags("SYN").build();
 * byte[] last = Packets.udp(CLIENT, 5000, SERVER, 53).payload(32).ttl(1).build();
 * byte[] odd = Packets.with(syn, 14, 0x65);  // an IPv4 EtherType on a header of version 6
 * }</pre>
 *
 * The addresses' family makes the packet IPv4 or IPv6.
 */
public final class Packets {
    /** Bytes of an Ethernet header without tags: where layer 3 starts in an untagged packet. */
    public static final int ETHERNET_BYTES = 14;

    private static final int ICMP_ECHO_REQUEST = 8;
    private static final int ICMPV6_ECHO_REQUEST = 128;

    private Packets() {}

    /** An IPv4 or IPv6 literal; names are not looked up. @throws IllegalArgumentException it is no literal */
    public static InetAddress address(String literal) {
        if (!literal.matches("[0-9.]+|[0-9a-fA-F:]*:[0-9a-fA-F:.]*")) {
            throw new IllegalArgumentException("'" + literal + "' is no IPv4 or IPv6 address");
        }
        try {
            return InetAddress.getByName(literal);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("'" + literal + "' is no IPv4 or IPv6 address", e);
        }
    }

    /** A TCP segment, flags ACK alone unless {@link PacketBuilder#flags} says otherwise. Ports 0 to 65535. */
    public static PacketBuilder tcp(InetAddress source, int sourcePort, InetAddress destination, int destinationPort) {
        return new PacketBuilder(source, destination, new Transport.Tcp(sourcePort, destinationPort));
    }

    /** A UDP datagram. Ports 0 to 65535. */
    public static PacketBuilder udp(InetAddress source, int sourcePort, InetAddress destination, int destinationPort) {
        return new PacketBuilder(source, destination, new Transport.Udp(sourcePort, destinationPort));
    }

    /** An echo request; {@link PacketBuilder#reply} makes it a reply. Identifier and sequence 0 to 65535. */
    public static PacketBuilder icmpEcho(InetAddress source, InetAddress destination, int identifier, int sequence) {
        int type = source.getAddress().length == 4 ? ICMP_ECHO_REQUEST : ICMPV6_ECHO_REQUEST;
        return icmp(source, destination, type, 0, PacketBuilder.shorts(identifier, sequence));
    }

    /**
     * ICMP or ICMPv6 of any type.
     *
     * @param rest the 4 bytes that follow the checksum
     */
    public static PacketBuilder icmp(InetAddress source, InetAddress destination, int type, int code, byte[] rest) {
        return new PacketBuilder(source, destination, new Transport.Icmp(type, code, rest));
    }

    /**
     * An error about another packet, which it quotes from layer 3 on.
     *
     * @param rest the 4 bytes that follow the checksum, as one number: the MTU of "too big", else 0
     * @param about the whole packet, from its Ethernet header on
     */
    public static PacketBuilder icmpError(
            InetAddress source, InetAddress destination, int type, int code, int rest, byte[] about) {
        byte[] quoted = Arrays.copyOfRange(about, layer3(about), about.length);
        return icmp(source, destination, type, code, PacketBuilder.shorts(rest >>> 16, rest)).payload(quoted);
    }

    /** An IP packet whose layer 4 is {@code bytes}, whatever they are. @param protocol IANA number */
    public static PacketBuilder ip(InetAddress source, InetAddress destination, int protocol, byte[] bytes) {
        return new PacketBuilder(source, destination, new Transport.Raw(protocol)).payload(bytes);
    }

    /** An ARP request of {@code source} for {@code target}'s MAC; both IPv4. */
    public static byte[] arp(InetAddress source, InetAddress target) {
        byte[] body = new byte[28];
        byte[] head = {0, 1, 8, 0, 6, 4, 0, 1, 2, 0, 0, 0, 0, 1};
        System.arraycopy(head, 0, body, 0, head.length);
        System.arraycopy(source.getAddress(), 0, body, 14, 4);
        System.arraycopy(target.getAddress(), 0, body, 24, 4);
        return ethernet(0x0806, body);
    }

    /** An ICMPv6 neighbour solicitation (RFC 4861) of {@code source} for {@code target}; both IPv6. Hop limit 255. */
    public static byte[] neighbourSolicitation(InetAddress source, InetAddress target) {
        return icmp(source, target, 135, 0, new byte[4])
                .payload(target.getAddress())
                .ttl(255)
                .build();
    }

    /** Any Ethernet frame. @param etherType 0 to 65535 */
    public static byte[] ethernet(int etherType, byte[] body) {
        return join(
                PacketBuilder.DESTINATION_MAC.getAddress(),
                PacketBuilder.SOURCE_MAC.getAddress(),
                PacketBuilder.shorts(etherType),
                body);
    }

    /** A copy with {@code bytes} written over it from {@code offset} on. Nothing else is put right. */
    public static byte[] with(byte[] packet, int offset, byte[] bytes) {
        byte[] changed = packet.clone();
        System.arraycopy(bytes, 0, changed, offset, bytes.length);
        return changed;
    }

    /** As the other, with the low 8 bits of each number. */
    public static byte[] with(byte[] packet, int offset, int... bytes) {
        byte[] changed = packet.clone();
        for (int i = 0; i < bytes.length; i++) {
            changed[offset + i] = (byte) bytes[i];
        }
        return changed;
    }

    /** The first {@code length} bytes; the headers still say what they said. */
    public static byte[] truncated(byte[] packet, int length) {
        return Arrays.copyOf(packet, Math.min(length, packet.length));
    }

    /** A copy whose IPv4 header checksum fits its header again, after {@link #with} has changed that. */
    public static byte[] withIpv4Checksum(byte[] packet) {
        int at = layer3(packet);
        byte[] zeroed = with(packet, at + 10, 0, 0);
        int sum = Checksums.internet(zeroed, at, (packet[at] & 0xf) * 4, 0);
        return with(packet, at + 10, sum >> 8, sum);
    }

    /** Whether every checksum of the packet is there and right: see {@link #checksumErrors}. */
    public static boolean checksumsAreRight(byte[] packet) {
        return checksumErrors(packet).isEmpty();
    }

    /**
     * The IPv4 header's, TCP's, UDP's, ICMP's and ICMPv6's checksum, and for an ICMP error also those of the packet it
     * quotes, as far as that is whole.
     *
     * @return a line for each that is wrong: {@code TCP checksum is 0x1234, should be 0x4321}; empty when all are right
     */
    public static List<String> checksumErrors(byte[] packet) {
        return new Checksums().check(packet, layer3(packet));
    }

    /** The packet taken apart by pcap4j. @throws IllegalArgumentException it is malformed */
    public static Packet parse(byte[] packet) {
        try {
            return EthernetPacket.newPacket(packet, 0, packet.length);
        } catch (IllegalRawDataException e) {
            throw new IllegalArgumentException("a packet of " + packet.length + " bytes can't be taken apart: " + e, e);
        }
    }

    /** Offset of layer 3, past Ethernet and its VLAN tags. */
    static int layer3(byte[] packet) {
        int at = ETHERNET_BYTES;
        while (at + 4 <= packet.length && isTag(Checksums.unsignedShort(packet, at - 2))) {
            at += 4;
        }
        return at;
    }

    private static boolean isTag(int etherType) {
        return etherType == 0x8100 || etherType == 0x88a8;
    }

    static byte[] join(byte[]... parts) {
        byte[] all = new byte[Arrays.stream(parts).mapToInt(part -> part.length).sum()];
        int at = 0;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return all;
    }
}
