package io.manx.policy;

import static io.manx.policy.Given.TCP;
import static io.manx.policy.Given.all;
import static io.manx.policy.Given.allow;
import static io.manx.policy.Given.allowAll;
import static io.manx.policy.Given.applyOnForward;
import static io.manx.policy.Given.denyAll;
import static io.manx.policy.Given.egress;
import static io.manx.policy.Given.host;
import static io.manx.policy.Given.ingress;
import static io.manx.policy.Given.nets;
import static io.manx.policy.Given.notNets;
import static io.manx.policy.Given.port;
import static io.manx.policy.Given.resources;
import static io.manx.policy.Given.role;
import static io.manx.policy.Given.workload;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.manx.api.resource.GlobalNetworkPolicy;
import io.manx.api.resource.GlobalNetworkPolicy.Match;
import io.manx.api.resource.GlobalNetworkPolicy.Rule;
import io.manx.api.resource.HostEndpoint;
import io.manx.api.resource.WorkloadEndpoint;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CompilerTest {
    private static final int BLOCK_WORDS = 8;
    private static final HostEndpoint UPLINK = host("eth0", "uplink", "192.0.2.1");
    private static final WorkloadEndpoint DB = workload("veth-db", "db", "10.0.0.1/32");
    private static final WorkloadEndpoint WEB = workload("veth-web", "web", "10.0.0.2/32", "2001:db8::2/128");
    private static final Map<String, Integer> INTERFACES = Map.of("eth0", 2, "veth-db", 10, "veth-web", 11);

    private final Compiler compiler = new Compiler(BLOCK_WORDS);

    @Test
    void refusesMoreRulesThanARowTellsApart() {
        Rule[] rules = Collections.nCopies(Row.capacity(BLOCK_WORDS) + 1, allowAll()).toArray(Rule[]::new);
        assertThatThrownBy(() -> compile(ingress("all", 1, role("db"), rules)))
                .hasMessageContaining("endpoint veth-db (test.yaml:1)")
                .hasMessageContaining("32769 rules apply")
                .hasMessageContaining("at most 32768 can");
    }

    @Test
    void leavesAloneWhatNoPolicySelects() {
        assertThat(compile()).isEmpty();
        assertThat(compile(ingress("db", 1, role("db"), allowAll()))).containsOnlyKeys(10);
    }

    @Test
    void waitsForTheInterface() {
        assertThat(compiler.compile(
                        resources(List.of(), List.of(DB), ingress("db", 1, role("db"), allowAll())), Map.of()))
                .isEmpty();
    }

    @Test
    void asksAWorkloadsIngressRulesOnTheWayOutToIt() {
        assertThat(compile(ingress("db", 1, role("db"), allowAll())).get(10))
                .containsOnlyKeys(Point.OUT_FORWARD, Point.OUT_LOCAL);
        assertThat(compile(egress("db", 1, role("db"), allowAll())).get(10))
                .containsOnlyKeys(Point.IN_FORWARD, Point.IN_LOCAL);
    }

    @Test
    void asksAHostsForwardedPacketsOnlyWithApplyOnForward() {
        GlobalNetworkPolicy in = ingress("in", 1, role("uplink"), allowAll());
        GlobalNetworkPolicy out = egress("out", 1, role("uplink"), allowAll());
        assertThat(compile(in).get(2)).containsOnlyKeys(Point.IN_LOCAL);
        assertThat(compile(out).get(2)).containsOnlyKeys(Point.OUT_LOCAL);
        assertThat(compile(applyOnForward(in), out).get(2))
                .containsOnlyKeys(Point.IN_LOCAL, Point.IN_FORWARD, Point.OUT_LOCAL);
    }

    @Test
    void keepsTheOrderOfPolicies() {
        GlobalNetworkPolicy second = ingress("a", 2, all(), denyAll());
        GlobalNetworkPolicy first = ingress("b", 1, all(), allowAll());
        Program program = compile(second, first).get(10).get(Point.OUT_LOCAL).v4();
        assertThat(program.rules()).isEqualTo(2);
        assertThat(program.allow().summary()).isEqualTo(0b01);
    }

    @Test
    void breaksATieByName() {
        GlobalNetworkPolicy second = ingress("b", 1, all(), denyAll());
        GlobalNetworkPolicy first = ingress("a", 1, all(), allowAll());
        assertThat(compile(second, first).get(10).get(Point.OUT_LOCAL).v4().allow().summary())
                .isEqualTo(0b01);
    }

    @Test
    void leavesOutRulesOfTheOtherIpVersion() {
        Compiler.Choice choice = compile(ingress(
                        "db",
                        1,
                        role("db"),
                        allow(TCP, nets("10.0.0.0/8"), Match.ANY),
                        allow(TCP, notNets("10.0.0.0/8"), Match.ANY),
                        allow(TCP, nets("2001:db8::/32", "10.0.0.0/8"), Match.ANY),
                        allow(TCP, nets("2001:db8::/32"), nets("10.0.0.1/32"))))
                .get(10)
                .get(Point.OUT_LOCAL);
        assertThat(choice.v4().rules()).isEqualTo(3);
        assertThat(choice.v6().rules()).isEqualTo(1);
    }

    @Test
    void compilesEqualListsOnce() {
        var endpoints = compile(ingress("all", 1, all(), allow(TCP, Match.ANY, port(80))));
        assertThat(endpoints.get(10).get(Point.OUT_LOCAL)).isSameAs(endpoints.get(11).get(Point.OUT_FORWARD));
        Compiler.Choice choice = endpoints.get(10).get(Point.OUT_LOCAL);
        assertThat(choice.v4().digest()).isEqualTo(choice.v6().digest());
    }

    @Test
    void tellsDifferentListsApart() {
        byte[] http = digest(allow(TCP, Match.ANY, port(80)));
        assertThat(http).isNotEqualTo(digest(allow(TCP, Match.ANY, port(81))));
        assertThat(http).isNotEqualTo(digest(Given.deny(TCP, Match.ANY, port(80))));
        assertThat(http).isNotEqualTo(digest());
        assertThat(http).isEqualTo(digest(allow(TCP, Match.ANY, port(80))));
    }

    @Test
    void storesOnlyBlocksThatHoldARule() {
        Rule[] rules = new Rule[10_000];
        for (int i = 0; i < rules.length; i++) {
            rules[i] = allow(TCP, nets("10." + i / 256 + "." + i % 256 + ".0/24"), Match.ANY);
        }
        Program program = compile(ingress("many", 1, role("db"), rules)).get(10).get(Point.OUT_LOCAL).v4();
        assertThat(program.tables().get(Dimension.SOURCE).rows()).hasSize(10_000);
        assertThat(new Image(program, BLOCK_WORDS).blocks()).hasSizeLessThan(10_100);
    }

    private byte[] digest(Rule... rules) {
        return compile(ingress("one", 1, role("db"), rules)).get(10).get(Point.OUT_LOCAL).v4().digest();
    }

    private Map<Integer, Map<Point, Compiler.Choice>> compile(GlobalNetworkPolicy... policies) {
        return compiler.compile(resources(List.of(UPLINK), List.of(DB, WEB), policies), INTERFACES);
    }
}
