package io.manx.testkit;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.pcap4j.packet.IpV4Packet;
import org.pcap4j.packet.IpV4Rfc791Tos;
import org.pcap4j.packet.IpV6Packet;
import org.pcap4j.packet.IpV6SimpleFlowLabel;
import org.pcap4j.packet.IpV6SimpleTrafficClass;
import org.pcap4j.packet.Packet;
import org.pcap4j.packet.UnknownPacket;
import org.pcap4j.packet.namednumber.IpNumber;
import org.pcap4j.packet.namednumber.IpVersion;
import org.pcap4j.util.MacAddress;

/** A packet in the making; see {@link Packets}. Each method changes this builder and returns it. */
public final class PacketBuilder {
    /** What a packet's Ethernet header says unless {@link #macs} says otherwise. */
    public static final MacAddress SOURCE_MAC = MacAddress.getByName("02:00:00:00:00:01");

    public static final MacAddress DESTINATION_MAC = MacAddress.getByName("02:00:00:00:00:02");

    private static final int FRAGMENT_HEADER = 44;

    private final InetAddress source;
    private final InetAddress destination;
    private final List<Integer> vlans = new ArrayList<>();
    private final List<Extension> extensions = new ArrayList<>();
    private Transport transport;
    private MacAddress sourceMac = SOURCE_MAC;
    private MacAddress destinationMac = DESTINATION_MAC;
    private byte[] payload = {};
    private byte[] options = {};
    private int ttl = 64;
    private int tos;
    private boolean fragmented;
    private int fragmentOffset;
    private int identification = 1;
    private boolean moreFragments;

    /** An IPv6 extension header. @param body whole, its first byte (the next header) left for the builder to fill */
    private record Extension(int number, byte[] body) {}

    PacketBuilder(InetAddress source, InetAddress destination, Transport transport) {
        if (source.getAddress().length != destination.getAddress().length) {
            throw new IllegalArgumentException("a packet can't go from " + source.getHostAddress() + " to "
                    + destination.getHostAddress() + ": one is IPv4, the other IPv6");
        }
        this.source = source;
        this.destination = destination;
        this.transport = transport;
    }

    public PacketBuilder macs(byte[] from, byte[] to) {
        sourceMac = MacAddress.getByAddress(from);
        destinationMac = MacAddress.getByAddress(to);
        return this;
    }

    /** An 802.1Q tag inside those before; with two, the outer is 802.1ad. @param id 0 to 4095 */
    public PacketBuilder vlan(int id) {
        vlans.add(id);
        return this;
    }

    /** Time to live, or hop limit: 0 to 255; 64 unless set. */
    public PacketBuilder ttl(int hops) {
        ttl = hops;
        return this;
    }

    /** Type of service, or traffic class: 0 to 255. */
    public PacketBuilder tos(int value) {
        tos = value;
        return this;
    }

    /** What follows the layer 4 header. */
    public PacketBuilder payload(byte[] bytes) {
        payload = bytes.clone();
        return this;
    }

    public PacketBuilder payload(String text) {
        return payload(text.getBytes(StandardCharsets.UTF_8));
    }

    /** So many bytes that are all different from their neighbours. */
    public PacketBuilder payload(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) i;
        }
        return payload(bytes);
    }

    /** IPv4 options, up to 40 bytes, padded to a multiple of 4 with "end of options". */
    public PacketBuilder ipv4Options(byte[] bytes) {
        options = Arrays.copyOf(bytes, (bytes.length + 3) / 4 * 4);
        return this;
    }

    /**
     * An IPv6 extension header after those before, of zeros but for its length field.
     *
     * @param number IANA: 0 hop-by-hop, 43 routing, 60 destination options
     * @param bytes of the whole header, a multiple of 8
     */
    public PacketBuilder extension(int number, int bytes) {
        byte[] body = new byte[bytes];
        body[1] = (byte) (bytes / 8 - 1);
        extensions.add(new Extension(number, body));
        return this;
    }

    /**
     * One fragment of a larger datagram. At an offset above 0 the payload alone follows the IP header, without layer 4's.
     *
     * @param offset bytes into the datagram, a multiple of 8
     * @param more whether others follow
     */
    public PacketBuilder fragment(int offset, boolean more) {
        fragmented = true;
        fragmentOffset = offset / 8;
        moreFragments = more;
        return this;
    }

    /** The number that the fragments of one datagram share, 1 unless set: 16 bits in IPv4, 32 in an IPv6 fragment's header. */
    public PacketBuilder identification(int number) {
        identification = number;
        return this;
    }

    /** TCP flags by name, these and no others: {@code flags("SYN", "ACK")}. */
    public PacketBuilder flags(String... names) {
        tcp().flags(names);
        return this;
    }

    public PacketBuilder sequence(int sequence, int acknowledgement) {
        tcp().sequence = sequence;
        tcp().acknowledgement = acknowledgement;
        return this;
    }

    /** As the header carries it, before scaling: 0 to 65535; 64240 unless set. */
    public PacketBuilder window(int window) {
        tcp().window = window;
        return this;
    }

    /** TCP options, up to 40 bytes, padded to a multiple of 4 with "end of options". */
    public PacketBuilder tcpOptions(int... bytes) {
        byte[] padded = new byte[(bytes.length + 3) / 4 * 4];
        for (int i = 0; i < bytes.length; i++) {
            padded[i] = (byte) bytes[i];
        }
        tcp().options = padded;
        return this;
    }

    /** Makes an echo request a reply. */
    public PacketBuilder reply() {
        if (!(transport instanceof Transport.Icmp icmp)) {
            throw new IllegalStateException("only an ICMP echo has a reply");
        }
        transport = icmp.reply();
        return this;
    }

    /** From the Ethernet header on; no padding to Ethernet's least length. */
    public byte[] build() {
        boolean later = fragmentOffset > 0;
        byte[] layer4 = later ? payload : transport.bytes(source, destination, payload);
        boolean v4 = source instanceof Inet4Address;
        return Packets.join(
                destinationMac.getAddress(),
                sourceMac.getAddress(),
                tags(),
                shorts(v4 ? 0x0800 : 0x86dd),
                (v4 ? ipv4(layer4) : ipv6(layer4)).build().getRawData());
    }

    private IpV4Packet.Builder ipv4(byte[] layer4) {
        IpV4Packet.Builder ip = new IpV4Packet.Builder()
                .version(IpVersion.IPV4)
                .tos(IpV4Rfc791Tos.newInstance((byte) tos))
                .identification((short) identification)
                .moreFragmentFlag(moreFragments)
                .fragmentOffset((short) fragmentOffset)
                .ttl((byte) ttl)
                .protocol(IpNumber.getInstance((byte) transport.protocol(false)))
                .srcAddr((Inet4Address) source)
                .dstAddr((Inet4Address) destination)
                .payloadBuilder(new UnknownPacket.Builder().rawData(layer4))
                .correctChecksumAtBuild(true)
                .correctLengthAtBuild(true);
        return options.length == 0 ? ip : ip.padding(options);
    }

    private IpV6Packet.Builder ipv6(byte[] layer4) {
        List<Extension> headers = new ArrayList<>(extensions);
        if (fragmented) {
            int field = fragmentOffset << 3 | (moreFragments ? 1 : 0);
            headers.add(new Extension(FRAGMENT_HEADER, shorts(0, field, identification >>> 16, identification)));
        }
        int next = transport.protocol(true);
        byte[] body = layer4;
        for (int i = headers.size() - 1; i >= 0; i--) {
            byte[] header = headers.get(i).body().clone();
            header[0] = (byte) next;
            next = headers.get(i).number();
            body = Packets.join(header, body);
        }
        return new IpV6Packet.Builder()
                .version(IpVersion.IPV6)
                .trafficClass(IpV6SimpleTrafficClass.newInstance((byte) tos))
                .flowLabel(IpV6SimpleFlowLabel.newInstance(0))
                .nextHeader(IpNumber.getInstance((byte) next))
                .hopLimit((byte) ttl)
                .srcAddr((Inet6Address) source)
                .dstAddr((Inet6Address) destination)
                .payloadBuilder(new UnknownPacket.Builder().rawData(body))
                .correctLengthAtBuild(true);
    }

    private byte[] tags() {
        byte[] tags = {};
        for (int i = 0; i < vlans.size(); i++) {
            boolean outer = i < vlans.size() - 1;
            tags = Packets.join(tags, shorts(outer ? 0x88a8 : 0x8100, vlans.get(i)));
        }
        return tags;
    }

    private Transport.Tcp tcp() {
        if (transport instanceof Transport.Tcp tcp) {
            return tcp;
        }
        throw new IllegalStateException("only TCP has flags and sequence numbers");
    }

    /** The low 16 bits of each, in network order. */
    static byte[] shorts(int... values) {
        byte[] bytes = new byte[2 * values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[2 * i] = (byte) (values[i] >> 8);
            bytes[2 * i + 1] = (byte) values[i];
        }
        return bytes;
    }
}
