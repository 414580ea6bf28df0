package io.manx.testkit;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.pcap4j.packet.IcmpV4CommonPacket;
import org.pcap4j.packet.IcmpV6CommonPacket;
import org.pcap4j.packet.Packet;
import org.pcap4j.packet.TcpPacket;
import org.pcap4j.packet.UdpPacket;
import org.pcap4j.packet.UnknownPacket;
import org.pcap4j.packet.namednumber.IcmpV4Code;
import org.pcap4j.packet.namednumber.IcmpV4Type;
import org.pcap4j.packet.namednumber.IcmpV6Code;
import org.pcap4j.packet.namednumber.IcmpV6Type;
import org.pcap4j.packet.namednumber.TcpPort;
import org.pcap4j.packet.namednumber.UdpPort;

/** Layer 4 of a {@link PacketBuilder}: its IANA number and its bytes, checksummed for the two addresses. */
sealed interface Transport {
    int protocol(boolean v6);

    byte[] bytes(InetAddress source, InetAddress destination, byte[] payload);

    static UnknownPacket.Builder raw(byte[] bytes) {
        return new UnknownPacket.Builder().rawData(bytes);
    }

    /** TCP; its ports are the only parts that can't change after it is made. */
    final class Tcp implements Transport {
        private static final Set<String> FLAGS = Set.of("FIN", "SYN", "RST", "PSH", "ACK", "URG");
        private final int sourcePort;
        private final int destinationPort;
        private Set<String> flags = Set.of("ACK");
        int sequence = 1;
        int acknowledgement = 1;
        int window = 0xfaf0;
        byte[] options = {};

        Tcp(int sourcePort, int destinationPort) {
            this.sourcePort = sourcePort;
            this.destinationPort = destinationPort;
        }

        /** @throws IllegalArgumentException TCP has no such flag */
        void flags(String... names) {
            Set<String> asked = new TreeSet<>();
            Arrays.stream(names).map(name -> name.toUpperCase(Locale.ROOT)).forEach(asked::add);
            if (!FLAGS.containsAll(asked)) {
                throw new IllegalArgumentException("TCP flags are " + new TreeSet<>(FLAGS) + ", not " + asked);
            }
            flags = asked;
        }

        @Override
        public int protocol(boolean v6) {
            return 6;
        }

        @Override
        public byte[] bytes(InetAddress source, InetAddress destination, byte[] payload) {
            return new TcpPacket.Builder()
                    .srcPort(TcpPort.getInstance((short) sourcePort))
                    .dstPort(TcpPort.getInstance((short) destinationPort))
                    .sequenceNumber(sequence)
                    .acknowledgmentNumber(acknowledgement)
                    .fin(flags.contains("FIN"))
                    .syn(flags.contains("SYN"))
                    .rst(flags.contains("RST"))
                    .psh(flags.contains("PSH"))
                    .ack(flags.contains("ACK"))
                    .urg(flags.contains("URG"))
                    .window((short) window)
                    .padding(options)
                    .srcAddr(source)
                    .dstAddr(destination)
                    .payloadBuilder(raw(payload))
                    .correctLengthAtBuild(true)
                    .correctChecksumAtBuild(true)
                    .build()
                    .getRawData();
        }
    }

    record Udp(int sourcePort, int destinationPort) implements Transport {
        @Override
        public int protocol(boolean v6) {
            return 17;
        }

        @Override
        public byte[] bytes(InetAddress source, InetAddress destination, byte[] payload) {
            return new UdpPacket.Builder()
                    .srcPort(UdpPort.getInstance((short) sourcePort))
                    .dstPort(UdpPort.getInstance((short) destinationPort))
                    .srcAddr(source)
                    .dstAddr(destination)
                    .payloadBuilder(raw(payload))
                    .correctLengthAtBuild(true)
                    .correctChecksumAtBuild(true)
                    .build()
                    .getRawData();
        }
    }

    /** ICMP for IPv4 addresses, ICMPv6 for IPv6 ones. */
    record Icmp(int type, int code, byte[] rest) implements Transport {
        @Override
        public int protocol(boolean v6) {
            return v6 ? 58 : 1;
        }

        @Override
        public byte[] bytes(InetAddress source, InetAddress destination, byte[] payload) {
            Packet.Builder body = raw(Packets.join(rest, payload));
            if (source instanceof Inet6Address from) {
                IcmpV6Type v6Type = IcmpV6Type.getInstance((byte) type);
                return new IcmpV6CommonPacket.Builder()
                        .type(v6Type)
                        .code(IcmpV6Code.getInstance(v6Type.value(), (byte) code))
                        .srcAddr(from)
                        .dstAddr((Inet6Address) destination)
                        .payloadBuilder(body)
                        .correctChecksumAtBuild(true)
                        .build()
                        .getRawData();
            }
            IcmpV4Type v4Type = IcmpV4Type.getInstance((byte) type);
            return new IcmpV4CommonPacket.Builder()
                    .type(v4Type)
                    .code(IcmpV4Code.getInstance(v4Type.value(), (byte) code))
                    .payloadBuilder(body)
                    .correctChecksumAtBuild(true)
                    .build()
                    .getRawData();
        }

        /** The same, as a reply to this echo request. @throws IllegalStateException it is none */
        Icmp reply() {
            return switch (type) {
                case 8 -> new Icmp(0, code, rest);
                case 128 -> new Icmp(129, code, rest);
                default -> throw new IllegalStateException("ICMP type " + type + " is no echo request");
            };
        }
    }

    /** Layer 4 is the payload itself. */
    record Raw(int number) implements Transport {
        @Override
        public int protocol(boolean v6) {
            return number;
        }

        @Override
        public byte[] bytes(InetAddress source, InetAddress destination, byte[] payload) {
            return payload;
        }
    }
}
