package io.manx.resources.yaml;

import io.manx.api.resource.Cidr;
import io.manx.api.resource.GlobalNetworkPolicy.Action;
import io.manx.api.resource.GlobalNetworkPolicy.Match;
import io.manx.api.resource.GlobalNetworkPolicy.PortRange;
import io.manx.api.resource.GlobalNetworkPolicy.Rule;
import io.manx.api.resource.Selector;
import io.manx.resources.selector.Selectors;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads a policy's rules. */
final class Rules {
    private Rules() {}

    static List<Rule> list(Fields spec, String direction) {
        return spec.elements(direction).stream()
                .flatMap(value -> value.fields().map(fields -> rule(fields, value)).stream())
                .toList();
    }

    private static Rule rule(Fields rule, Value whole) {
        Action action = rule.required("action")
                .flatMap(value -> value.parsed("Allow or Deny", Rules::action))
                .orElse(Action.DENY);
        Optional<Integer> protocol =
                rule.value("protocol").flatMap(value -> value.parsed(Literals.PROTOCOL, Literals::protocol));
        Optional<Integer> version = rule.value("ipVersion").flatMap(Rules::ipVersion);
        Match source = match(rule, "source", protocol);
        Match destination = match(rule, "destination", protocol);
        checkFamilies(whole, version, source, destination);
        rule.unsupported("notProtocol", "write a rule for each protocol meant");
        rule.unsupported("icmp", "types and codes of ICMP are not matched; write protocol: ICMP");
        rule.unsupported("notICMP", "types and codes of ICMP are not matched");
        rule.unsupported("http", "packets are matched, not requests");
        rule.harmless("metadata");
        rule.finish();
        return new Rule(action, protocol, version, source, destination);
    }

    private static Action action(String text) {
        return switch (text) {
            case "Allow" -> Action.ALLOW;
            case "Deny" -> Action.DENY;
            case "Log", "Pass" -> throw new IllegalArgumentException(
                    "the action " + text + " is not supported by Manx: it knows Allow and Deny");
            default -> throw new IllegalArgumentException("found \"" + text + "\", expected Allow or Deny");
        };
    }

    private static Optional<Integer> ipVersion(Value value) {
        return value.parsed("4 or 6", text -> {
            if (!text.equals("4") && !text.equals("6")) {
                throw new IllegalArgumentException("found \"" + text + "\", expected 4 or 6");
            }
            return Integer.valueOf(text);
        });
    }

    /** @throws IllegalArgumentException with the character at which the expression stops making sense */
    static Optional<Selector> selector(Value value) {
        return value.text().flatMap(ignored -> value.parsed("a selector", Selectors::parse));
    }

    private static Match match(Fields rule, String side, Optional<Integer> protocol) {
        return rule.fields(side).map(fields -> match(fields, protocol)).orElse(Match.ANY);
    }

    private static Match match(Fields side, Optional<Integer> protocol) {
        List<Cidr> nets = side.elements("nets", Addresses.PREFIX, Addresses::prefix);
        List<Cidr> notNets = side.elements("notNets", Addresses.PREFIX, Addresses::prefix);
        // An empty selector in a rule matches any packet; all() matches those of the endpoints Manx knows.
        Optional<Selector> selector =
                side.value("selector").filter(value -> !value.isEmpty()).flatMap(Rules::selector);
        List<PortRange> ports = side.elements("ports", Literals.PORTS, Literals::ports);
        if (!ports.isEmpty() && !protocol.map(Literals::hasPorts).orElse(false)) {
            side.value("ports")
                    .ifPresent(value -> value.problem(
                            "found ports, expected the rule's protocol to be TCP, UDP, SCTP or UDPLite"));
        }
        side.unsupported("notPorts", "write the ranges around them in ports");
        side.unsupported("notSelector", "write the selector as !(...)");
        side.unsupported("namespaceSelector", "Namespaces come later; select by label projectcalico.org/namespace");
        side.unsupported("serviceAccounts", "service accounts are not known; select by labels");
        side.unsupported("services", "write the backends' selector or nets");
        side.finish();
        return new Match(nets, notNets, selector, ports);
    }

    /** A rule whose prefixes are of two families, or of another than ipVersion, could never match as it is meant. */
    private static void checkFamilies(Value rule, Optional<Integer> version, Match source, Match destination) {
        Stream<Cidr> prefixes = Stream.of(source.nets(), source.notNets(), destination.nets(), destination.notNets())
                .flatMap(List::stream);
        if (Stream.concat(version.stream(), prefixes.map(Rules::family)).distinct().count() > 1) {
            rule.problem("found both IPv4 and IPv6 in one rule's ipVersion, nets and notNets, expected one of them;"
                    + " write a rule for each");
        }
    }

    private static int family(Cidr cidr) {
        return cidr.address().getAddress().length == 4 ? 4 : 6;
    }
}
