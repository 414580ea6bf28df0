package io.manx.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pcap4j.packet.Dot1qVlanTagPacket;
import org.pcap4j.packet.IcmpV4EchoReplyPacket;
import org.pcap4j.packet.IpV6ExtFragmentPacket;
import org.pcap4j.packet.TcpPacket;

class PacketsTest {
    private static final InetAddress CLIENT = Packets.address("198.51.100.7");
    private static final InetAddress SERVER = Packets.address("192.0.2.1");
    private static final InetAddress CLIENT6 = Packets.address("2001:db8::7");
    private static final InetAddress SERVER6 = Packets.address("2001:db8:1::1");

    @Test
    void refusesNamesAndMixedFamilies() {
        assertThatThrownBy(() -> Packets.address("localhost")).hasMessageContaining("'localhost' is no IPv4");
        assertThatThrownBy(() -> Packets.address("1.2.3.4.5")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Packets.udp(CLIENT, 1, SERVER6, 2)).hasMessageContaining("one is IPv4, the other IPv6");
        assertThatThrownBy(() -> Packets.udp(CLIENT, 1, SERVER, 2).flags("SYN"))
                .hasMessageContaining("only TCP has flags");
        assertThatThrownBy(() -> Packets.tcp(CLIENT, 1, SERVER, 2).flags("SIN")).hasMessageContaining("not [SIN]");
    }

    @Test
    void namesEachWrongChecksum() {
        byte[] packet = Packets.tcp(CLIENT, 40000, SERVER, 80).payload("hello").build();

        assertThat(Packets.checksumErrors(Packets.with(packet, 14 + 8, 63)))
                .singleElement()
                .asString()
                .startsWith("IPv4 header checksum is 0x");
        assertThat(Packets.checksumErrors(Packets.with(packet, 14 + 20 + 2, 0, 81)))
                .singleElement()
                .asString()
                .startsWith("TCP checksum is 0x");
        assertThat(Packets.checksumErrors(Packets.with(packet, 14 + 15, 9))).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 7, 100, 1400})
    void checksumsOfEveryProtocolAndLengthAreRight(int length) {
        for (InetAddress[] ends : new InetAddress[][] {{CLIENT, SERVER}, {CLIENT6, SERVER6}}) {
            byte[] tcp = Packets.tcp(ends[0], 40000, ends[1], 80).payload(length).build();
            byte[] udp = Packets.udp(ends[0], 40000, ends[1], 53).payload(length).build();
            byte[] echo = Packets.icmpEcho(ends[0], ends[1], 77, 1).payload(length).build();
            byte[] error = Packets.icmpError(ends[1], ends[0], ends[0] == CLIENT ? 3 : 1, 1, 0, udp).build();

            assertThat(Packets.checksumErrors(tcp)).isEmpty();
            assertThat(Packets.checksumErrors(udp)).isEmpty();
            assertThat(Packets.checksumErrors(echo)).isEmpty();
            assertThat(Packets.checksumErrors(error)).isEmpty();
            int last = error.length - 1;
            assertThat(Packets.checksumErrors(Packets.with(error, last, ~error[last]))).hasSize(2);
        }
    }

    @Test
    void writesTheFieldsWhereTheyBelong() {
        byte[] packet = Packets.tcp(CLIENT, 0x1234, SERVER, 0x5678)
                .flags("SYN", "ACK")
                .sequence(0x01020304, 0x05060708)
                .ttl(9)
                .build();

        assertThat(packet).hasSize(14 + 20 + 20);
        assertThat(Arrays.copyOfRange(packet, 12, 16)).containsExactly(8, 0, 0x45, 0);
        assertThat(packet[14 + 8]).isEqualTo((byte) 9);
        assertThat(Arrays.copyOfRange(packet, 14 + 12, 14 + 20)).containsExactly(198, 51, 100, 7, 192, 0, 2, 1);
        assertThat(Arrays.copyOfRange(packet, 34, 46)).containsExactly(0x12, 0x34, 0x56, 0x78, 1, 2, 3, 4, 5, 6, 7, 8);
        assertThat(packet[34 + 13]).isEqualTo((byte) 0x12);
        assertThat(Packets.parse(packet).get(TcpPacket.class).getHeader().getSyn()).isTrue();
    }

    @Test
    void putsTagsInsideOneAnother() {
        byte[] packet = Packets.udp(CLIENT6, 1, SERVER6, 2).vlan(7).vlan(100).build();

        assertThat(Arrays.copyOfRange(packet, 12, 22))
                .containsExactly(0x88, 0xa8, 0, 7, 0x81, 0, 0, 100, 0x86, 0xdd);
        assertThat(Packets.checksumErrors(packet)).isEmpty();
        assertThat(Packets.parse(Packets.udp(CLIENT, 1, SERVER, 2).vlan(100).build()).contains(Dot1qVlanTagPacket.class))
                .isTrue();
    }

    @Test
    void putsOptionsAndExtensionsBetweenTheHeaders() {
        byte[] v4 = Packets.udp(CLIENT, 1, SERVER, 2).ipv4Options(new byte[] {7, 7, 4, 0, 0, 0, 0}).build();
        byte[] v6 = Packets.udp(CLIENT6, 1, SERVER6, 2).extension(0, 8).extension(60, 16).build();

        assertThat(v4[14]).isEqualTo((byte) 0x47);
        assertThat(Packets.checksumErrors(v4)).isEmpty();
        assertThat(v6).hasSize(14 + 40 + 24 + 8);
        assertThat(v6[14 + 6]).isZero();
        assertThat(Arrays.copyOfRange(v6, 54, 56)).containsExactly(60, 0);
        assertThat(Arrays.copyOfRange(v6, 62, 64)).containsExactly(17, 1);
        assertThat(Packets.checksumErrors(v6)).isEmpty();
        assertThat(Packets.checksumErrors(Packets.with(v6, v6.length - 1, 0xff))).hasSize(1);
    }

    @Test
    void laterFragmentsHaveNoLayerFour() {
        byte[] first = Packets.udp(CLIENT6, 1, SERVER6, 2).payload(16).fragment(0, true).build();
        byte[] second = Packets.udp(CLIENT, 1, SERVER, 2).payload(16).fragment(24, false).build();

        assertThat(Packets.parse(first).contains(IpV6ExtFragmentPacket.class)).isTrue();
        assertThat(second).hasSize(14 + 20 + 16);
        assertThat(Arrays.copyOfRange(second, 20, 22)).containsExactly(0, 3);
        assertThat(Packets.checksumErrors(second)).isEmpty();
    }

    @Test
    void repliesToAnEchoOnly() {
        byte[] reply = Packets.icmpEcho(SERVER, CLIENT, 77, 2).reply().build();

        assertThat(Packets.parse(reply).get(IcmpV4EchoReplyPacket.class).getHeader().getIdentifierAsInt())
                .isEqualTo(77);
        assertThatThrownBy(() -> Packets.udp(CLIENT, 1, SERVER, 2).reply()).hasMessageContaining("only an ICMP echo");
    }

    @Test
    void repairsTheIpv4HeaderAfterAChange() {
        byte[] packet = Packets.udp(CLIENT, 1, SERVER, 2).build();

        assertThat(Packets.checksumErrors(Packets.withIpv4Checksum(Packets.with(packet, 14 + 8, 1)))).isEmpty();
        assertThat(Packets.truncated(packet, 20)).hasSize(20).isEqualTo(Arrays.copyOf(packet, 20));
    }

    @Test
    void carriesAWindowAndOptionsOfTcp() {
        byte[] syn = Packets.tcp(CLIENT, 40000, SERVER, 80).flags("SYN").window(1000).tcpOptions(3, 3, 7).payload("hello").build();
        TcpPacket.TcpHeader header = Packets.parse(syn).get(TcpPacket.class).getHeader();

        assertThat(header.getWindowAsInt()).isEqualTo(1000);
        assertThat(header.getDataOffsetAsInt()).isEqualTo(6);
        assertThat(Arrays.copyOfRange(syn, 14 + 20 + 20, 14 + 20 + 24)).containsExactly(3, 3, 7, 0);
        assertThat(Packets.checksumErrors(syn)).isEmpty();
    }

    @Test
    void givesTheFragmentsOfADatagramTheirNumber() {
        byte[] v4 = Packets.udp(CLIENT, 1, SERVER, 2).identification(0x1234).payload(64).fragment(0, true).build();
        byte[] v6 = Packets.udp(CLIENT6, 1, SERVER6, 2).identification(0x12345678).payload(64).fragment(8, true).build();

        assertThat(Arrays.copyOfRange(v4, 14 + 4, 14 + 6)).containsExactly(0x12, 0x34);
        assertThat(Arrays.copyOfRange(v6, 14 + 40, 14 + 48)).containsExactly(17, 0, 0, 9, 0x12, 0x34, 0x56, 0x78);
    }
}
