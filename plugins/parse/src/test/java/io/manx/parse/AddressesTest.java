package io.manx.parse;

import static org.assertj.core.api.Assertions.assertThat;

import io.manx.testkit.Outcome;
import io.manx.testkit.Packets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** addresses.h: who may send to whom, from the wire and from the host itself. */
class AddressesTest {
    private static final int SOME_INTERFACE = 7;
    private static final int LOOPBACK = 1;
    private static final String NOBODY = "REASON_NONE";
    private static ParseStage parse;

    @BeforeAll
    static void load() {
        parse = new ParseStage();
    }

    @AfterAll
    static void close() {
        parse.close();
    }

    @ParameterizedTest
    @CsvSource({
        "224.0.0.1, 10.0.0.1, REASON_SOURCE_MULTICAST",
        "239.255.255.255, 10.0.0.1, REASON_SOURCE_MULTICAST",
        "255.255.255.255, 10.0.0.1, REASON_SOURCE_BROADCAST",
        "ff02::1, fd00::1, REASON_SOURCE_MULTICAST",
    })
    void dropsWhatComesFromAGroupInBothDirections(String source, String destination, String reason) {
        assertThat(in(source, destination)).isEqualTo(reason);
        assertThat(out(source, destination)).isEqualTo(reason);
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, 10.0.0.1, REASON_LOOPBACK_ADDRESS",
        "10.0.0.1, 127.255.0.1, REASON_LOOPBACK_ADDRESS",
        "127.0.0.1, 127.0.0.1, REASON_LOOPBACK_ADDRESS",
        "::1, fd00::1, REASON_LOOPBACK_ADDRESS",
        "fd00::1, ::1, REASON_LOOPBACK_ADDRESS",
        "0.0.0.0, 10.0.0.1, REASON_SOURCE_UNSPECIFIED",
        "0.1.2.3, 10.0.0.1, REASON_SOURCE_UNSPECIFIED",
        "0.0.0.0, 224.0.1.1, REASON_SOURCE_UNSPECIFIED",
        "::, fd00::1, REASON_SOURCE_UNSPECIFIED",
        "10.0.0.1, 10.0.0.1, REASON_LAND",
        "fd00::1, fd00::1, REASON_LAND",
    })
    void dropsWhatNobodyOnTheWireSends(String source, String destination, String reason) {
        assertThat(in(source, destination)).isEqualTo(reason);
        assertThat(out(source, destination)).isEqualTo(NOBODY);
        assertThat(reason(source, destination, "DIRECTION_INGRESS", LOOPBACK)).isEqualTo(NOBODY);
    }

    @ParameterizedTest
    @CsvSource({
        "0.0.0.0, 255.255.255.255",
        "0.0.0.0, 224.0.0.22",
        "::, ff02::16",
        "10.0.0.1, 224.0.0.1",
        "10.0.0.1, 255.255.255.255",
        "223.255.255.255, 10.0.0.1",
        "240.0.0.1, 10.0.0.1",
        "1.0.0.1, 10.0.0.1",
        "126.255.255.255, 128.0.0.1",
        "fe80::1, ff02::1",
        "64:ff9b::a00:1, fd00::1",
    })
    void takesWhatHostsSend(String source, String destination) {
        assertThat(in(source, destination)).isEqualTo(NOBODY);
        assertThat(out(source, destination)).isEqualTo(NOBODY);
    }

    @ParameterizedTest
    @CsvSource({"8", "24"})
    void dropsIpv4AddressesInIpv6Packets(int offset) {
        byte[] packet = Packets.udp(Packets.address("fd00::1"), 1, Packets.address("fd00::2"), 2)
                .build();
        byte[] mapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1, 10, 0, 0, 1};
        parse.drops(Packets.with(packet, ParseStage.L3 + offset, mapped), "REASON_MAPPED_ADDRESS");
    }

    private static String in(String source, String destination) {
        return reason(source, destination, "DIRECTION_INGRESS", SOME_INTERFACE);
    }

    private static String out(String source, String destination) {
        return reason(source, destination, "DIRECTION_EGRESS", SOME_INTERFACE);
    }

    private static String reason(String source, String destination, String direction, int ifindex) {
        byte[] packet = Packets.udp(Packets.address(source), 68, Packets.address(destination), 67)
                .build();
        Outcome outcome = parse.run(packet, direction, ifindex);
        return outcome.reason();
    }
}
