package io.manx.resources.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import io.manx.api.resource.GlobalNetworkPolicy;
import io.manx.api.resource.GlobalNetworkPolicy.Action;
import io.manx.api.resource.GlobalNetworkPolicy.Match;
import io.manx.api.resource.GlobalNetworkPolicy.PortRange;
import io.manx.api.resource.GlobalNetworkPolicy.Rule;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PoliciesTest {
    private static final String HEAD =
            """
            apiVersion: projectcalico.org/v3
            kind: GlobalNetworkPolicy
            metadata:
              name: allow-web
            spec:
            """;

    private static String policy(String spec) {
        return HEAD + spec.indent(2);
    }

    /** A rule of one line, in line 7. */
    private static String rule(String fields) {
        return policy("ingress:\n- {" + fields + "}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "protocol: TCP | 5: spec.ingress[0].action is missing",
                "action: allow | 14: spec.ingress[0].action: found \"allow\", expected Allow or Deny",
                "action: Pass | 14: spec.ingress[0].action: the action Pass is not supported by Manx: it knows Allow"
                        + " and Deny",
                "action: Log | 14: spec.ingress[0].action: the action Log is not supported by Manx: it knows Allow and"
                        + " Deny",
                "action: Deny, protocol: TPC | 30: spec.ingress[0].protocol: found \"TPC\", expected TCP, UDP, ICMP,"
                        + " ICMPv6, SCTP, UDPLite or a number from 1 to 255",
                "action: Deny, protocol: 256 | 30: spec.ingress[0].protocol: found \"256\", expected TCP, UDP, ICMP,"
                        + " ICMPv6, SCTP, UDPLite or a number from 1 to 255",
                "action: Deny, ipVersion: 5 | 31: spec.ingress[0].ipVersion: found \"5\", expected 4 or 6",
                "action: Deny, notProtocol: TCP | 20: spec.ingress[0].notProtocol is not supported by Manx: write a"
                        + " rule for each protocol meant",
                "action: Deny, icmp: {type: 8} | 20: spec.ingress[0].icmp is not supported by Manx: types and codes of"
                        + " ICMP are not matched; write protocol: ICMP",
                "action: Deny, notICMP: {type: 8} | 20: spec.ingress[0].notICMP is not supported by Manx: types and"
                        + " codes of ICMP are not matched",
                "action: Deny, http: {methods: [GET]} | 20: spec.ingress[0].http is not supported by Manx: packets are"
                        + " matched, not requests",
                "action: Deny, protocl: TCP | 20: spec.ingress[0].protocl is not a known field, expected protocol (did"
                        + " you mean that?)",
            })
    void refusesARule(String fields, String problem) {
        assertThat(Yaml.problems(rule(fields))).containsExactly("test.yaml:7:" + problem);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ports: [65536] | 9: ports[0]: found \"65536\", expected a port from 0 to 65535 or a range such as"
                        + " \"8000:8080\"",
                "ports: [-1] | 9: ports[0]: found \"-1\", expected a port from 0 to 65535 or a range such as"
                        + " \"8000:8080\"",
                "ports: [\"90:80\"] | 9: ports[0]: found \"90:80\", expected a range whose first port is not above its"
                        + " last",
                "ports: [http] | 9: ports[0]: the named port \"http\" is not supported by Manx: write its number",
                "nets: [10.0.0.0/33] | 8: nets[0]: found \"10.0.0.0/33\", expected an IPv4 or IPv6 prefix such as"
                        + " 10.0.0.0/8 or fd00::/8: the length must be from 0 to 32",
                "notNets: [10.0.0/8] | 11: notNets[0]: found \"10.0.0/8\", expected an IPv4 or IPv6 prefix such as"
                        + " 10.0.0.0/8 or fd00::/8",
                "nets: ['::ffff:10.0.0.1'] | 8: nets[0]: found \"::ffff:10.0.0.1\", expected 10.0.0.1: IPv4 is written"
                        + " as IPv4",
                "selector: role = 'db' | 11: selector: found \"=\" at character 6 of \"role = 'db'\", expected ==",
                "notPorts: [80] | 1: notPorts is not supported by Manx: write the ranges around them in ports",
                "notSelector: has(a) | 1: notSelector is not supported by Manx: write the selector as !(...)",
                "namespaceSelector: has(a) | 1: namespaceSelector is not supported by Manx: Namespaces come later;"
                        + " select by label projectcalico.org/namespace",
                "serviceAccounts: {names: [a]} | 1: serviceAccounts is not supported by Manx: service accounts are not"
                        + " known; select by labels",
                "services: {name: web} | 1: services is not supported by Manx: write the backends' selector or nets",
            })
    void refusesOneSideOfARule(String field, String problem) {
        String[] columnAndText = problem.split(": ", 2);
        int column = 8 + Integer.parseInt(columnAndText[0]);
        String document = policy("ingress:\n- action: Allow\n  protocol: TCP\n  destination:\n    " + field);
        assertThat(Yaml.problems(document))
                .containsExactly("test.yaml:10:" + (column - 2) + ": spec.ingress[0].destination." + columnAndText[1]);
    }

    @Test
    void refusesPortsOfAProtocolWithoutPorts() {
        assertThat(Yaml.problems(rule("action: Allow, protocol: ICMP, source: {ports: [80]}")))
                .containsExactly("test.yaml:7:53: spec.ingress[0].source.ports: found ports, expected the rule's"
                        + " protocol to be TCP, UDP, SCTP or UDPLite");
    }

    @Test
    void refusesARuleOfTwoFamilies() {
        assertThat(Yaml.problems(rule("action: Allow, ipVersion: 4, source: {nets: ['fd00::/8']}")))
                .containsExactly("test.yaml:7:5: spec.ingress[0]: found both IPv4 and IPv6 in one rule's ipVersion,"
                        + " nets and notNets, expected one of them; write a rule for each");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "order: first | 10: spec.order: found \"first\", expected a number",
                "selector: 7 | 13: spec.selector: found 7, expected text; put it in quotes",
                "selector: has(role | 13: spec.selector: found the end at character 9 of \"has(role\", expected )",
                "types: [ingress] | 11: spec.types[0]: found \"ingress\", expected Ingress or Egress",
                "applyOnForward: maybe | 19: spec.applyOnForward: found \"maybe\", expected true or false",
                "tier: security | 3: spec.tier: \"security\" is not supported by Manx: there is one tier, named"
                        + " default, so far",
                "doNotTrack: true | 3: spec.doNotTrack: true is not supported by Manx: every flow is tracked",
                "preDNAT: true | 3: spec.preDNAT: true is not supported by Manx: policy judges a packet after a"
                        + " Service has picked its backend",
                "namespaceSelector: has(a) | 3: spec.namespaceSelector is not supported by Manx: Namespaces come"
                        + " later; select by label projectcalico.org/namespace",
                "serviceAccountSelector: has(a) | 3: spec.serviceAccountSelector is not supported by Manx: service"
                        + " accounts are not known; select by labels",
            })
    void refusesAFieldOfAPolicy(String field, String problem) {
        assertThat(Yaml.problems(policy(field))).containsExactly("test.yaml:6:" + problem);
    }

    @Test
    void refusesRulesThatTypesWouldLeaveUnused() {
        assertThat(Yaml.problems(policy("types: [Ingress]\negress: [{action: Allow}]")))
                .containsExactly("test.yaml:7:11: spec.egress: found rules, but spec.types has no Egress, so they would"
                        + " not be used; add it or remove them");
    }

    @Test
    void collectsEveryProblemOfADocument() {
        assertThat(Yaml.problems(rule("action: allow, protocol: TPC, source: {nets: [x]}"))).hasSize(3);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "selector: all() | true | false",
                "ingress: [{action: Allow}] | true | false",
                "egress: [{action: Allow}] | false | true",
                "{ingress: [{action: Allow}], egress: [{action: Deny}]} | true | true",
                "types: [Egress] | false | true",
                "types: [Ingress, Egress] | true | true",
                "types: [] | true | false",
            })
    void derivesTypesAsCalicoDoes(String spec, boolean ingress, boolean egress) {
        GlobalNetworkPolicy policy = Yaml.only(GlobalNetworkPolicy.class, policy(spec));
        assertThat(policy.ingress()).isEqualTo(ingress);
        assertThat(policy.egress()).isEqualTo(egress);
    }

    @Test
    void readsAPolicyOfDefaultsOnly() {
        GlobalNetworkPolicy policy = Yaml.only(GlobalNetworkPolicy.class, policy("ingress: []"));
        assertThat(policy.order()).isEmpty();
        assertThat(policy.applyOnForward()).isFalse();
        assertThat(policy.selector().matches(Map.of())).isTrue();
        assertThat(policy.ingressRules()).isEmpty();
    }

    @Test
    void readsAPolicyWithAllItsFields() {
        GlobalNetworkPolicy policy = Yaml.only(
                GlobalNetworkPolicy.class,
                policy(
                        """
                        tier: default
                        order: 10.5
                        selector: role == 'web'
                        types: [Ingress, Egress]
                        applyOnForward: true
                        doNotTrack: false
                        preDNAT: false
                        performanceHints: [AssumeNeededOnEveryNode]
                        ingress:
                        - action: Allow
                          ipVersion: 4
                          protocol: TCP
                          metadata: {annotations: {why: visitors}}
                          source:
                            nets: [10.0.0.0/8, 192.0.2.7]
                            notNets: [10.66.3.9/16]
                            selector: role == 'client'
                          destination:
                            ports: [80, "8000:8080", 20:21, "443"]
                        egress:
                        - action: Deny
                          protocol: 47
                        """));
        assertThat(policy.name()).isEqualTo("allow-web");
        assertThat(policy.order()).hasValue(10.5);
        assertThat(policy.selector().text()).isEqualTo("role == 'web'");
        assertThat(policy.applyOnForward()).isTrue();
        Rule rule = policy.ingressRules().get(0);
        assertThat(rule.action()).isEqualTo(Action.ALLOW);
        assertThat(rule.protocol()).contains(6);
        assertThat(rule.ipVersion()).contains(4);
        assertThat(rule.source().nets()).hasToString("[10.0.0.0/8, 192.0.2.7/32]");
        assertThat(rule.source().notNets()).hasToString("[10.66.0.0/16]");
        assertThat(rule.source().selector()).hasValueSatisfying(selector -> assertThat(
                        selector.matches(Map.of("role", "client")))
                .isTrue());
        assertThat(rule.destination().ports())
                .containsExactly(
                        new PortRange(80, 80), new PortRange(8000, 8080), new PortRange(20, 21), new PortRange(443, 443));
        Rule last = policy.egressRules().get(0);
        assertThat(last.action()).isEqualTo(Action.DENY);
        assertThat(last.protocol()).contains(47);
        assertThat(last.source()).isEqualTo(Match.ANY);
    }

    @ParameterizedTest
    @CsvSource({"TCP,6", "UDP,17", "ICMP,1", "ICMPv6,58", "SCTP,132", "UDPLite,136", "tcp,6", "'\"6\"',6"})
    void readsProtocols(String written, int number) {
        String document = rule("action: Allow, protocol: " + written);
        assertThat(Yaml.only(GlobalNetworkPolicy.class, document).ingressRules().get(0).protocol())
                .contains(number);
    }
}
