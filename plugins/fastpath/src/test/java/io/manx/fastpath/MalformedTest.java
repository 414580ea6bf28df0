package io.manx.fastpath;

import static io.manx.fastpath.Given.handedOver;
import static org.assertj.core.api.Assertions.assertThat;

import io.manx.testkit.Packets;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Packets that are not what they say: dropped by the same stage for the same reason. */
class MalformedTest extends OnTwins {
    private Talk talk;

    MalformedTest() {
        super(false);
    }

    private byte[] settled(String kind) {
        talk = Talk.direct(kind, 40000);
        talk.settle(twins);
        return talk.out().payload(20).build();
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcp4", "tcp6", "udp4", "udp6"})
    void cutAtEachLength(String kind) {
        byte[] packet = settled(kind);
        for (int bytes = 14; bytes < packet.length; bytes++) {
            handedOver(twins.pass("cut to " + bytes, packet, Start.cutTo(bytes)));
        }
    }

    /** Of which the IP header knows. */
    @ParameterizedTest
    @ValueSource(strings = {"tcp4", "tcp6", "udp4", "udp6"})
    void shorterAtEachLength(String kind) {
        byte[] packet = settled(kind);
        int header = talk.l4() + (talk.tcp ? 20 : 8);
        for (int bytes = 14; bytes <= packet.length + 2; bytes++) {
            byte[] told = ipLength(packet, bytes - 14);
            Twins.Step cut = twins.pass("told and cut to " + bytes, told, Start.cutTo(Math.min(bytes, packet.length)));
            Twins.Step padded = twins.pass("told " + bytes, told);
            boolean whole = bytes <= packet.length && bytes >= (talk.tcp ? header : packet.length);
            assertThat(cut.byFastpath()).as("cut to %d", bytes).isEqualTo(whole);
            assertThat(padded.byFastpath()).as("padded behind %d", bytes).isEqualTo(whole);
        }
    }

    private byte[] ipLength(byte[] packet, int bytes) {
        int length = talk.v4() ? bytes : bytes - 40;
        byte[] changed = Packets.with(packet, talk.v4() ? 16 : 18, length >> 8, length);
        return talk.v4() ? Packets.withIpv4Checksum(changed) : changed;
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcp4", "tcp6", "udp4", "udp6"})
    void behindWhichBytesFollow(String kind) {
        byte[] packet = settled(kind);
        for (int more : new int[] {1, 2, 6, 46, 500}) {
            assertThat(twins.pass("padded by " + more, Arrays.copyOf(packet, packet.length + more)).byFastpath())
                    .isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"udp4", "udp6"})
    void datagramsOfWrongLength(String kind) {
        byte[] packet = settled(kind);
        for (int length : new int[] {0, 1, 7, 8, 9, 27, 28, 29, 100, 65535}) {
            Twins.Step step = twins.pass("length " + length, Packets.with(packet, talk.l4() + 4, length >> 8, length));
            assertThat(step.byFastpath()).as("length %d", length).isEqualTo(length >= 8 && length <= 28);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcp4", "tcp6", "udp4", "udp6"})
    void eachFirstByteOfTheIpHeader(String kind) {
        byte[] packet = settled(kind);
        for (int first = 0; first < 256; first++) {
            Twins.Step step = twins.pass("first byte " + first, Packets.with(packet, 14, first));
            boolean plain = talk.v4() ? first == 0x45 : first >> 4 == 6;
            assertThat(step.byFastpath()).as("first byte %x", first).isEqualTo(plain);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcp4", "tcp6", "udp4", "udp6"})
    void eachProtocol(String kind) {
        byte[] packet = settled(kind);
        for (int number = 0; number < 256; number++) {
            Twins.Step step = twins.pass("protocol " + number, Packets.with(packet, talk.v4() ? 23 : 20, number));
            assertThat(step.ended() && step.byFastpath()).as("protocol %d", number).isEqualTo(number == (talk.tcp ? 6 : 17));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcp4", "tcp6", "udp4", "udp6"})
    void otherEtherTypes(String kind) {
        byte[] packet = settled(kind);
        for (int type : new int[] {0, 0x0800, 0x86dd, 0x0806, 0x8100, 0x88a8, 0x9100, 0x8847, 0x8863, 0x0008, 0xdd86, 0xffff}) {
            Twins.Step step = twins.pass("type " + type, Packets.with(packet, 12, type >> 8, type));
            assertThat(step.byFastpath()).isEqualTo(type == (talk.v4() ? 0x0800 : 0x86dd));
        }
    }

    /** Bytes of either address; each makes another flow, or none at all. */
    @ParameterizedTest
    @ValueSource(strings = {"tcp4", "udp4"})
    void oddIpv4Addresses(String kind) {
        byte[] packet = settled(kind);
        String[] odd = {"0.0.0.0", "0.1.2.3", "127.0.0.1", "127.255.255.255", "224.0.0.1", "239.1.1.1", "240.0.0.1",
            "255.255.255.255", "10.0.1.2", "10.0.2.2", "223.255.255.255", "1.0.0.0"};
        for (String address : odd) {
            Twins.Step from = twins.pass("from " + address, with(packet, 26, address));
            assertThat(from.byFastpath()).isEqualTo(address.equals("10.0.1.2"));
            Twins.Step step = twins.pass("to " + address, with(packet, 30, address));
            assertThat(step.ended() && step.byFastpath()).isEqualTo(address.equals("10.0.2.2"));
            handedOver(twins.pass("from and to " + address, with(with(packet, 26, address), 30, address)));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcp6", "udp6"})
    void oddIpv6Addresses(String kind) {
        byte[] packet = settled(kind);
        String[] odd = {"::", "::1", "::2", "ff02::1", "ff0e::1", "fe80::1", "fd00:2::2", "::1:0:0:0:0", "2001:db8::1"};
        for (String address : odd) {
            handedOver(twins.pass("from " + address, with(packet, 22, address)));
            Twins.Step step = twins.pass("to " + address, with(packet, 38, address));
            assertThat(step.byFastpath()).isEqualTo(address.equals("fd00:2::2"));
            handedOver(twins.pass("from and to " + address, with(with(packet, 22, address), 38, address)));
        }
        byte[] mapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1, 10, 0, 1, 2};
        handedOver(twins.pass("from a mapped one", Packets.with(packet, 22, mapped)));
        handedOver(twins.pass("to a mapped one", Packets.with(packet, 38, mapped)));
    }

    private byte[] with(byte[] packet, int at, String address) {
        byte[] changed = Packets.with(packet, at, Packets.address(address).getAddress());
        return talk.v4() ? Packets.withIpv4Checksum(changed) : changed;
    }

    /** Nobody looks at it, here as there. */
    @ParameterizedTest
    @ValueSource(strings = {"tcp4", "udp4"})
    void wrongHeaderChecksums(String kind) {
        byte[] packet = settled(kind);
        for (int sum = 0; sum < 1 << 16; sum += 255) {
            assertThat(twins.pass("sum " + sum, Packets.with(packet, 24, sum >> 8, sum)).byFastpath()).isTrue();
        }
        for (int sum : new int[] {0xfeff, 0xfefe, 0xff00, 0xffff, 0xfffe}) {
            twins.pass("sum " + sum, Packets.with(packet, 24, sum >> 8, sum));
        }
    }
}
