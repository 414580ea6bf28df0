package io.manx.policy;

import static io.manx.policy.Evaluator.ALLOWED;
import static io.manx.policy.Evaluator.DENIED;
import static io.manx.policy.Evaluator.DENIED_BY_DEFAULT;
import static io.manx.policy.Given.TCP;
import static io.manx.policy.Given.UDP;
import static io.manx.policy.Given.address;
import static io.manx.policy.Given.all;
import static io.manx.policy.Given.allow;
import static io.manx.policy.Given.allowAll;
import static io.manx.policy.Given.applyOnForward;
import static io.manx.policy.Given.deny;
import static io.manx.policy.Given.denyAll;
import static io.manx.policy.Given.egress;
import static io.manx.policy.Given.endpoints;
import static io.manx.policy.Given.ingress;
import static io.manx.policy.Given.nets;
import static io.manx.policy.Given.port;
import static io.manx.policy.Given.ports;
import static io.manx.policy.Given.role;
import static io.manx.policy.PolicyStage.DB;
import static io.manx.policy.PolicyStage.UPLINK;
import static io.manx.policy.PolicyStage.WEB;
import static org.assertj.core.api.Assertions.assertThat;

import io.manx.api.resource.GlobalNetworkPolicy;
import io.manx.api.resource.GlobalNetworkPolicy.Match;
import io.manx.api.resource.GlobalNetworkPolicy.Rule;
import io.manx.api.resource.Resources;
import io.manx.policy.Evaluator.Packet;
import io.manx.testkit.NoteView;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The program in the kernel. */
class PolicyStageTest {
    private static final int UNJUDGED = 99;
    private static final int SQL = 5432;
    private static final Packet WEB_TO_DB = tcp("10.0.0.2", "10.0.0.1", SQL);
    private static final Packet WEB_TO_DB_V6 = tcp("2001:db8::2", "2001:db8::1", SQL);
    private static final Packet CLIENT_TO_WEB = tcp("198.51.100.7", "10.0.0.2", 80);

    private final PolicyStage stage = new PolicyStage();

    @AfterEach
    void close() {
        stage.close();
    }

    @Test
    void dropsByDefaultWhereAPolicySelects() {
        given(ingress("db", 1, role("db")));
        assertThat(stage.forward(WEB, DB, WEB_TO_DB)).isEqualTo(DENIED_BY_DEFAULT);
        assertThat(stage.forward(WEB, DB, WEB_TO_DB_V6)).isEqualTo(DENIED_BY_DEFAULT);
    }

    @Test
    void dropsWhatARuleDenies() {
        given(ingress("db", 1, role("db"), deny(TCP, Match.ANY, port(SQL)), allowAll()));
        assertThat(stage.forward(WEB, DB, WEB_TO_DB)).isEqualTo(DENIED);
        assertThat(stage.forward(WEB, DB, tcp("10.0.0.2", "10.0.0.1", SQL + 1))).isEqualTo(ALLOWED);
    }

    @Test
    void leavesAloneWhatNoPolicySelects() {
        given(ingress("db", 1, role("db"), denyAll()));
        assertThat(stage.forward(DB, WEB, tcp("10.0.0.1", "10.0.0.2", 80))).isEqualTo(ALLOWED);
        assertThat(stage.forward(UNJUDGED, UNJUDGED, WEB_TO_DB)).isEqualTo(ALLOWED);
    }

    @Test
    void letsTheFirstRuleThatMatchesDecide() {
        given(
                ingress("b", 1, role("db"), allow(TCP, endpoints(role("web")), ports(5000, 6000))),
                ingress("a", 2, role("db"), denyAll()));
        assertThat(stage.forward(UPLINK, DB, tcp("198.51.100.7", "10.0.0.1", SQL))).isEqualTo(DENIED);
        assertThat(stage.forward(WEB, DB, tcp("10.0.0.2", "10.0.0.1", 6001))).isEqualTo(DENIED);
        assertThat(stage.forward(WEB, DB, WEB_TO_DB)).isEqualTo(ALLOWED);
        assertThat(stage.forward(WEB, DB, WEB_TO_DB_V6)).isEqualTo(ALLOWED);
    }

    @Test
    void asksBothEnds() {
        given(egress("web", 1, role("web"), allow(TCP, Match.ANY, port(SQL))), ingress("db", 1, role("db"), denyAll()));
        assertThat(stage.forward(WEB, UPLINK, tcp("10.0.0.2", "198.51.100.7", 80))).isEqualTo(DENIED_BY_DEFAULT);
        assertThat(stage.forward(WEB, DB, WEB_TO_DB)).isEqualTo(DENIED);
        assertThat(stage.forward(WEB, UPLINK, WEB_TO_DB)).isEqualTo(ALLOWED);
    }

    @Test
    void asksAHostsPoliciesForForwardedPacketsOnlyWithApplyOnForward() {
        given(ingress("local", 1, role("uplink"), denyAll()));
        assertThat(stage.toHost(UPLINK, CLIENT_TO_WEB)).isEqualTo(DENIED);
        assertThat(stage.forward(UPLINK, WEB, CLIENT_TO_WEB)).isEqualTo(ALLOWED);

        given(applyOnForward(ingress("both", 1, role("uplink"), denyAll())));
        assertThat(stage.toHost(UPLINK, CLIENT_TO_WEB)).isEqualTo(DENIED);
        assertThat(stage.forward(UPLINK, WEB, CLIENT_TO_WEB)).isEqualTo(DENIED);
    }

    @Test
    void takesWhatIsSentToManyForTheHosts() {
        given(ingress("local", 1, role("uplink"), denyAll()));
        assertThat(routedByKernel(UPLINK, tcp("198.51.100.7", "224.0.0.251", 5353))).isEqualTo(DENIED);
        assertThat(routedByKernel(UPLINK, tcp("198.51.100.7", "255.255.255.255", 68))).isEqualTo(DENIED);
        assertThat(routedByKernel(UPLINK, tcp("2001:db8::7", "ff02::fb", 5353))).isEqualTo(DENIED);
        assertThat(routedByKernel(UPLINK, tcp("198.51.100.7", "223.255.255.255", 80))).isEqualTo(ALLOWED);
    }

    @Test
    void asksTheInterfaceThatTheHostSendsBy() {
        given(egress("out", 1, role("uplink"), denyAll()), ingress("db", 1, role("db"), denyAll()));
        assertThat(stage.fromHost(UPLINK, CLIENT_TO_WEB)).isEqualTo(DENIED);
        assertThat(stage.fromHost(DB, WEB_TO_DB)).isEqualTo(DENIED);
        assertThat(stage.fromHost(WEB, CLIENT_TO_WEB)).isEqualTo(ALLOWED);
    }

    @Test
    void leavesTheFarSideToItsEgressWhereTheKernelRoutes() {
        given(egress("web", 1, role("web"), denyAll()), ingress("db", 1, role("db"), denyAll()));
        assertThat(routedByKernel(WEB, WEB_TO_DB)).isEqualTo(DENIED);
        assertThat(routedByKernel(UPLINK, WEB_TO_DB)).isEqualTo(ALLOWED);
    }

    @Test
    void judgesALaterFragmentByItsFirstOnesPorts() {
        given(ingress("db", 1, role("db"), deny(UDP, Match.ANY, port(53)), allow(UDP, Match.ANY, Match.ANY)));
        for (boolean first : new boolean[] {true, false}) {
            Packet denied = new Packet(UDP, first, address("10.0.0.2"), 4000, address("10.0.0.1"), 53);
            Packet allowed = new Packet(UDP, first, address("10.0.0.2"), 4000, address("10.0.0.1"), 54);
            assertThat(stage.forward(WEB, DB, denied)).isEqualTo(DENIED);
            assertThat(stage.forward(WEB, DB, allowed)).isEqualTo(ALLOWED);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {132, 136})
    void matchesPortsOfSctpAndUdpLite(int protocol) {
        given(ingress("db", 1, role("db"), allow(protocol, Match.ANY, port(5000))));
        Packet allowed = new Packet(protocol, true, address("10.0.0.2"), 4000, address("10.0.0.1"), 5000);
        Packet denied = new Packet(protocol, true, address("10.0.0.2"), 4000, address("10.0.0.1"), 5001);
        assertThat(stage.forward(WEB, DB, denied)).isEqualTo(DENIED_BY_DEFAULT);
        assertThat(stage.forward(WEB, DB, allowed)).isEqualTo(ALLOWED);
    }

    @Test
    void takesAnEchosIdentifierForNoPort() {
        given(ingress("db", 1, role("db"), allow(Given.ICMP, Match.ANY, port(SQL))));
        Packet echo = new Packet(Given.ICMP, true, address("10.0.0.2"), SQL, address("10.0.0.1"), SQL);
        assertThat(stage.forward(WEB, DB, echo)).isEqualTo(DENIED_BY_DEFAULT);
        given(ingress("db", 1, role("db"), allow(Given.ICMP, Match.ANY, Match.ANY)));
        assertThat(stage.forward(WEB, DB, echo)).isEqualTo(ALLOWED);
    }

    @Test
    void seesTheDestinationThatTheServiceChose() {
        given(egress("web", 1, role("web"), allow(TCP, Match.ANY, portOf("10.0.0.1/32", SQL))));
        Packet toFrontend = tcp("10.0.0.2", "10.96.0.1", 80);
        assertThat(stage.forward(WEB, DB, toFrontend)).isEqualTo(DENIED_BY_DEFAULT);
        assertThat(forward(toFrontend, note -> {
                    note.set("translate", stage.constant("TRANSLATE_DESTINATION"));
                    note.set("new_addr", address("10.0.0.1"));
                    note.set("new_port", SQL);
                }))
                .isEqualTo(ALLOWED);
    }

    @Test
    void asksWhereTheHostsPacketLeavesOnceTranslated() {
        given(ingress("db", 1, role("db"), denyAll()), egress("out", 1, role("uplink"), denyAll()));
        assertThat(fromHostToService(UPLINK, "ROUTE_NEIGHBOUR", DB)).isEqualTo(DENIED);
        assertThat(fromHostToService(UPLINK, "ROUTE_LOCAL", 0)).isEqualTo(DENIED);
        assertThat(fromHostToService(UPLINK, "ROUTE_WORKLOAD", WEB)).isEqualTo(ALLOWED);
    }

    @Test
    void judgesAKnownFlowAnewButNotItsReplies() {
        given(ingress("db", 1, role("db"), denyAll()));
        assertThat(forward(WEB_TO_DB, flags("NOTE_KNOWN"))).isEqualTo(DENIED);
        assertThat(forward(WEB_TO_DB, flags("NOTE_REPLY"))).isEqualTo(DENIED);
        assertThat(forward(WEB_TO_DB, flags("NOTE_ICMP_ERROR"))).isEqualTo(DENIED);
        assertThat(forward(WEB_TO_DB, flags("NOTE_KNOWN", "NOTE_REPLY"))).isEqualTo(ALLOWED);
        assertThat(forward(WEB_TO_DB, flags("NOTE_KNOWN", "NOTE_ICMP_ERROR"))).isEqualTo(ALLOWED);
    }

    /** Of no more than 64 rules a summary has a bit for each, else for each block of 512. */
    @ParameterizedTest
    @ValueSource(ints = {1, 63, 64, 65, 512, 513})
    void findsEachRule(int count) {
        given(ingress("some", 1, role("db"), rules(count)));
        for (int i = 0; i < count; i++) {
            assertThat(stage.forward(WEB, DB, from(i))).as("rule %d", i).isEqualTo(i % 3 == 0 ? DENIED : ALLOWED);
        }
        assertThat(stage.forward(WEB, DB, from(count))).isEqualTo(DENIED_BY_DEFAULT);
    }

    @Test
    void asksEveryBitOfANet() {
        for (int length = 0; length <= 128; length++) {
            asksEveryBitOfANet("2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", length);
        }
        for (int length = 0; length <= 32; length++) {
            asksEveryBitOfANet("10.255.255.255", length);
        }
    }

    private void asksEveryBitOfANet(String text, int length) {
        byte[] address = address(text).getAddress();
        given(ingress("db", 1, role("db"), allow(TCP, nets(text + "/" + length), Match.ANY)));
        for (int bit = Math.max(0, length - 2); bit < Math.min(8 * address.length, length + 2); bit++) {
            byte[] source = address.clone();
            source[bit / 8] ^= (byte) (0x80 >> bit % 8);
            assertThat(stage.forward(WEB, DB, tcp(source, text, SQL)))
                    .as("%s/%d, with bit %d changed", text, length, bit)
                    .isEqualTo(bit < length ? DENIED_BY_DEFAULT : ALLOWED);
        }
    }

    @Test
    void looksUpWhatOnlyLaterRulesAsk() {
        given(ingress(
                "db",
                1,
                role("db"),
                deny(TCP, nets("198.51.100.0/24"), port(SQL)),
                allow(TCP, Match.ANY, port(80)),
                allow(TCP, nets("10.0.0.0/24"), port(SQL))));
        assertThat(stage.forward(WEB, DB, tcp("198.51.100.7", "10.0.0.1", SQL))).isEqualTo(DENIED);
        assertThat(stage.forward(WEB, DB, tcp("198.51.100.7", "10.0.0.1", 80))).isEqualTo(ALLOWED);
        assertThat(stage.forward(WEB, DB, tcp("192.0.2.7", "10.0.0.1", SQL))).isEqualTo(DENIED_BY_DEFAULT);
        assertThat(stage.forward(WEB, DB, WEB_TO_DB)).isEqualTo(ALLOWED);
    }

    @Test
    void findsEachOfTenThousandRules() {
        given(ingress("many", 1, role("db"), rules(10_000)));
        assertThat(stage.forward(WEB, DB, WEB_TO_DB)).isEqualTo(DENIED_BY_DEFAULT);
        for (int i = 0; i < 10_000; i += 7) {
            assertThat(stage.forward(WEB, DB, from(i))).as("rule %d", i).isEqualTo(i % 3 == 0 ? DENIED : ALLOWED);
        }
    }

    @Test
    void takesNoTenTimesAsLongForAThousandTimesTheRules() {
        given(ingress("few", 1, role("db"), rules(10)));
        stage.forward(UNJUDGED, DB, from(9));
        long few = stage.nanos();
        given(ingress("many", 1, role("db"), rules(10_000)));
        stage.forward(UNJUDGED, DB, from(9_999));
        assertThat(stage.nanos()).as("ns, with 10 rules %d", few).isLessThan(10 * few);
    }

    /** Every third denies; each is for 16 source addresses of its own. */
    private static Rule[] rules(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> {
                    Match source = nets(source(i, 0) + "/28");
                    return i % 3 == 0 ? deny(TCP, source, Match.ANY) : allow(TCP, source, Match.ANY);
                })
                .toArray(Rule[]::new);
    }

    private static Packet from(int rule) {
        return tcp(source(rule, 5), "10.0.0.1", SQL);
    }

    private static String source(int rule, int address) {
        return "172." + (16 + rule / 4096) + "." + rule / 16 % 256 + "." + (rule % 16 * 16 + address);
    }

    private String routedByKernel(int from, Packet packet) {
        return PolicyStage.reason(stage.run(packet, note -> {
            note.set("ifindex", from);
            note.set("direction", stage.constant("DIRECTION_INGRESS"));
            note.set("route.kind", stage.constant("ROUTE_STACK"));
            note.set("route.ifindex", DB);
        }));
    }

    private String fromHostToService(int chosenByStack, String route, int leavesBy) {
        return PolicyStage.reason(stage.run(tcp("192.0.2.1", "10.96.0.1", 80), note -> {
            note.set("ifindex", chosenByStack);
            note.set("direction", stage.constant("DIRECTION_EGRESS"));
            note.set("translate", stage.constant("TRANSLATE_DESTINATION"));
            note.set("new_addr", address("10.0.0.1"));
            note.set("route.kind", stage.constant(route));
            note.set("route.ifindex", leavesBy);
        }));
    }

    private String forward(Packet packet, Consumer<NoteView> more) {
        return PolicyStage.reason(stage.run(packet, note -> {
            note.set("ifindex", WEB);
            note.set("direction", stage.constant("DIRECTION_INGRESS"));
            note.set("route.kind", stage.constant("ROUTE_WORKLOAD"));
            note.set("route.ifindex", DB);
            more.accept(note);
        }));
    }

    private Consumer<NoteView> flags(String... flags) {
        long all = 0;
        for (String flag : flags) {
            all |= stage.constant(flag);
        }
        long value = all;
        return note -> note.set("flags", value);
    }

    private static Match portOf(String net, int port) {
        return new Match(nets(net).nets(), List.of(), Optional.empty(), port(port).ports());
    }

    private static Packet tcp(String source, String destination, int port) {
        return new Packet(TCP, true, address(source), 40000, address(destination), port);
    }

    private static Packet tcp(byte[] source, String destination, int port) {
        try {
            return new Packet(TCP, true, InetAddress.getByAddress(source), 40000, address(destination), port);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("of " + source.length + " bytes", e);
        }
    }

    private void given(GlobalNetworkPolicy... policies) {
        stage.with(resources(policies));
    }

    static Resources resources(GlobalNetworkPolicy... policies) {
        return Given.resources(
                List.of(Given.host("eth0", "uplink", "192.0.2.1")),
                List.of(
                        Given.workload("veth-db", "db", "10.0.0.1/32", "2001:db8::1/128"),
                        Given.workload("veth-web", "web", "10.0.0.2/32", "2001:db8::2/128")),
                policies);
    }
}
