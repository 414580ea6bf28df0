package io.manx.fastpath;

import static io.manx.fastpath.Given.ESTABLISHED;
import static io.manx.fastpath.Given.handedOver;
import static io.manx.fastpath.Given.took;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.manx.testkit.Packets;
import java.net.InetAddress;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where packets of settled flows go: with objects that tell of each redirect where to. */
class WayTest extends OnTwins {
    private static final byte[] PEER = {2, 0, 0, 0, 1, 1};
    private static final byte[] OWN = {2, 0, 0, 0, 1, 2};
    private static final int VETH = 9;
    private static final int NO_MACS = 10;
    /** The row of VETH, and not VETH's. */
    private static final int SAME_ROW = 9 + 4096;

    WayTest() {
        super(true);
    }

    private void server(String kind, int ifindex, int mtu, InetAddress gateway) {
        twins.route(Talk.SERVER4, kind, ifindex, mtu, gateway);
        twins.route(Talk.SERVER6, kind, ifindex, mtu, gateway);
    }

    private static String told(Twins.Step step) {
        return step.ran().told();
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcp4", "tcp6", "udp4", "udp6"})
    void toANeighbour(String kind) {
        Talk talk = Talk.direct(kind, 40000);
        talk.settle(twins);
        Twins.Step step = took(talk.say(twins, true, talk.out().payload(10)), ESTABLISHED);
        assertThat(told(step))
                .contains("helpers=1", "ifindex=" + (Given.UPLINK + 1), "family=" + (talk.v4() ? 2 : 10));
        step = took(talk.say(twins, false, talk.back().payload(10)), ESTABLISHED);
        assertThat(told(step)).contains("ifindex=" + Given.UPLINK);
        took(twins.pass("marked", talk.out().build(), Start.marked(0x12345678)), ESTABLISHED);
        took(twins.pass("marked", talk.out().build(), Start.marked(0xffffffff)), ESTABLISHED);
    }

    /** The test run fails where a sum that the kernel holds of the packet does not follow it. */
    @ParameterizedTest
    @ValueSource(strings = {"tcp4", "tcp6", "udp4", "udp6"})
    void keepsTheKernelsOwnSumOfThePacketRight(String kind) {
        Talk talk = Talk.direct(kind, 40000);
        talk.settle(twins);
        assumeTrue(twins.canBeSummed(talk.out().build()), "Linux 6.15 can make such packets");
        took(twins.pass("summed", talk.out().build(), Start.bySummingDevice()), ESTABLISHED);
        took(twins.pass("summed reply", talk.back().build(), Start.bySummingDevice()), ESTABLISHED);
    }

    @ParameterizedTest
    @CsvSource({
        "tcp4, 192.0.2.1, 2", "udp4, 192.0.2.1, 2", "tcp4, fe80::1, 10", "udp4, fe80::1, 10",
        "tcp6, fe80::1, 10", "udp6, fe80::1, 10",
    })
    void byAGateway(String kind, String gateway, int family) {
        server("ROUTE_NEIGHBOUR", Given.UPLINK + 2, 0, Packets.address(gateway));
        Talk talk = Talk.direct(kind, 40000);
        talk.settle(twins);
        Twins.Step step = took(talk.say(twins, true, talk.out().payload(10)), ESTABLISHED);
        assertThat(told(step)).contains("ifindex=" + (Given.UPLINK + 2), "family=" + family);
        took(talk.say(twins, false, talk.back().payload(10)), ESTABLISHED);
    }

    /** To an IPv6 packet's route this is no gateway, and the kernel is left to say so. */
    @ParameterizedTest
    @ValueSource(strings = {"tcp6", "udp6"})
    void byAGatewayThatIpv6CannotHave(String kind) {
        server("ROUTE_NEIGHBOUR", Given.UPLINK + 2, 0, Packets.address("192.0.2.1"));
        Talk talk = Talk.direct(kind, 40000);
        talk.settle(twins);
        Twins.Step step = talk.say(twins, true, talk.out().payload(10));
        assertThat(step.ran().returned()).as("left to the kernel").isEqualTo(-1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcp4", "tcp6", "udp4", "udp6"})
    void intoAWorkload(String kind) {
        twins.macs(VETH, PEER, OWN);
        server("ROUTE_WORKLOAD", VETH, 1500, null);
        Talk talk = Talk.direct(kind, 40000);
        talk.settle(twins);
        Twins.Step step = took(talk.say(twins, true, talk.out().payload(10)), ESTABLISHED);
        assertThat(told(step)).contains("helpers=1", "ifindex=" + VETH, "family=0");
        assertThat(Arrays.copyOf(step.ran().packet(), 6)).isEqualTo(PEER);
        assertThat(Arrays.copyOfRange(step.ran().packet(), 6, 12)).isEqualTo(OWN);
        took(twins.pass("marked", talk.out().build(), Start.marked(0x7d345678)), ESTABLISHED);
    }

    @ParameterizedTest
    @CsvSource({
        "tcp4, 10", "tcp6, 10", "udp4, 10", "udp6, 10", "tcp4, 4105", "tcp6, 4105", "udp4, 4105", "udp6, 4105",
    })
    void intoAWorkloadWhoseAddressesAreNotKnown(String kind, int veth) {
        assertThat(veth).isIn(NO_MACS, SAME_ROW);
        twins.macs(VETH, PEER, OWN);
        server("ROUTE_WORKLOAD", veth, 1500, null);
        Talk talk = Talk.direct(kind, 40000);
        talk.settle(twins);
        Twins.Step step = took(talk.say(twins, true, talk.out().payload(10)), ESTABLISHED);
        assertThat(Arrays.copyOfRange(step.ran().packet(), 6, 12)).isEqualTo(Talk.SENDER);
    }

    @ParameterizedTest
    @CsvSource({
        "tcp4, ROUTE_LOCAL", "tcp6, ROUTE_LOCAL", "udp4, ROUTE_LOCAL", "udp6, ROUTE_LOCAL",
        "tcp4, ROUTE_STACK", "tcp6, ROUTE_STACK", "udp4, ROUTE_STACK", "udp6, ROUTE_STACK",
    })
    void leavesWhatStaysHereToTheOthers(String kind, String route) {
        Talk talk = Talk.direct(kind, 40000);
        talk.settle(twins);
        twins.set("leg[0].kind", twins.constant(route));
        for (int i = 0; i < 3; i++) {
            Twins.Step step = handedOver(talk.say(twins, true, talk.out().payload(10)));
            assertThat(step.slot()).isEqualTo(Chain.FORWARD);
            assertThat(step.lane()).isEqualTo(ESTABLISHED);
        }
        took(talk.say(twins, false, talk.back().payload(10)), ESTABLISHED);
    }

    @ParameterizedTest
    @CsvSource({"ROUTE_LOCAL", "ROUTE_STACK"})
    void flowsMadeByTheirRoutes(String route) {
        server(route, 3, 1500, null);
        for (String kind : Given.KINDS) {
            Talk talk = Talk.direct(kind, 40000);
            talk.settle(twins);
            handedOver(talk.say(twins, true, talk.out().payload(10)));
            talk.say(twins, false, talk.back().payload(10));
        }
    }

    /** An IPv6 destination that no wire has. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void toABackendThatIsMapped(boolean portChanges) {
        byte[] mapped = new byte[16];
        mapped[10] = mapped[11] = (byte) 0xff;
        mapped[12] = 10;
        mapped[15] = 77;
        twins.serve(Talk.FRONTEND6, Talk.FRONTEND_PORT, Packets.address("10.0.0.77"), portChanges ? Talk.SERVER_PORT : 0);
        twins.route(Packets.address("10.0.0.77"), "ROUTE_NEIGHBOUR", Given.UPLINK + 1, 1500, null);
        Talk talk = new Talk(
                false, Talk.CLIENT6, 40000, Talk.FRONTEND6, Talk.FRONTEND_PORT, Talk.SERVER6, Talk.SERVER_PORT);
        talk.say(twins, true, talk.out().payload(10));
        twins.set("said[1]", twins.constant("SAID_SOMETHING"));
        for (int i = 0; i < 3; i++) {
            talk.say(twins, true, talk.out().payload(10));
        }
        Twins.Step step = talk.say(twins, true, talk.out().payload(10));
        assertThat(step.byFastpath()).as("it ended at fastpath, not in %s", step.ran().ends()).isTrue();
        assertThat(step.ran().returned()).as("left to the kernel").isEqualTo(-1);
    }

    @ParameterizedTest
    @CsvSource({
        "tcp4, 0", "tcp4, 1", "tcp4, 2", "tcp4, 3", "tcp4, 255", "tcp6, 0", "tcp6, 1", "tcp6, 2", "tcp6, 255",
        "udp4, 0", "udp4, 1", "udp4, 2", "udp4, 255", "udp6, 0", "udp6, 1", "udp6, 2", "udp6, 255",
    })
    void takesAHop(String kind, int ttl) {
        for (String route : new String[] {"ROUTE_NEIGHBOUR", "ROUTE_WORKLOAD"}) {
            twins.clear();
            server(route, VETH, 1500, null);
            Talk talk = Talk.direct(kind, 40000);
            talk.settle(twins);
            Twins.Step step = talk.say(twins, true, talk.out().payload(10).ttl(ttl));
            assertThat(step.byFastpath()).isEqualTo(ttl > 1);
            if (ttl > 1) {
                assertThat(Packets.checksumErrors(step.ran().packet())).isEmpty();
                assertThat(step.ran().packet()[talk.v4() ? 22 : 21] & 0xff).isEqualTo(ttl - 1);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcp4", "tcp6", "udp4", "udp6"})
    void leavesWhatIsTooLongToTheOthers(String kind) {
        Talk talk = Talk.direct(kind, 40000);
        talk.settle(twins);
        int header = talk.l4() - 14 + (talk.tcp ? 20 : 8);
        for (int mtu : new int[] {0, 1, header, 576, 1280}) {
            twins.set("leg[0].mtu", mtu);
            for (int bytes : new int[] {header, 576, 577, 1280, 1281}) {
                Twins.Step step = talk.say(twins, true, talk.out().payload(bytes < header ? 0 : bytes - header));
                assertThat(step.byFastpath()).as("%d bytes by %d", bytes, mtu).isEqualTo(mtu == 0 || bytes <= mtu);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcp4", "tcp6", "udp4", "udp6"})
    void measuresEachSegmentOfALargePacket(String kind) {
        Talk talk = Talk.direct(kind, 40000);
        talk.settle(twins);
        int header = talk.l4() - 14 + (talk.tcp ? 32 : 8);
        twins.set("leg[0].mtu", 1000);
        for (int gso : new int[] {1, 500, 1000 - header, 1001 - header, 1000, 1500}) {
            var packet = talk.out().payload(2000);
            byte[] bytes = (talk.tcp ? packet.tcpOptions(1, 1, 8, 10, 0, 0, 0, 1, 0, 0, 0, 2) : packet).build();
            Twins.Step step = twins.pass("segments", bytes, Start.segmentsOf(gso));
            assertThat(step.byFastpath()).as("segments of %d", gso).isEqualTo(gso + header <= 1000);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcp4", "tcp6", "udp4", "udp6"})
    void leavesWhatTheKernelWantsToTheOthers(String kind) {
        Talk talk = Talk.direct(kind, 40000);
        talk.settle(twins);
        byte[] packet = talk.out().payload(10).build();
        handedOver(twins.pass("egress", packet, Start.onEgress()));
        for (int type = 1; type <= 3; type++) {
            Twins.Step step = handedOver(twins.pass("packet type", packet, Start.ofType(type)));
            assertThat(step.ran().returned()).isEqualTo(-1);
        }
        handedOver(twins.pass("tagged", packet, Start.tagged(5)));
        byte[] other = talk.out().payload(10).macs(Talk.SENDER, PEER).build();
        handedOver(twins.pass("another host's", other));
        took(twins.pass("verified", packet, Start.verifiedSum()), ESTABLISHED);
        took(twins.pass("as it was", packet), ESTABLISHED);
    }
}
