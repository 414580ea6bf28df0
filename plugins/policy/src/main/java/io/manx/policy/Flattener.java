package io.manx.policy;

import io.manx.api.resource.Cidr;
import io.manx.api.resource.GlobalNetworkPolicy.Action;
import io.manx.api.resource.GlobalNetworkPolicy.Match;
import io.manx.api.resource.GlobalNetworkPolicy.PortRange;
import io.manx.api.resource.GlobalNetworkPolicy.Rule;
import io.manx.api.resource.HostEndpoint;
import io.manx.api.resource.Resources;
import io.manx.api.resource.Selector;
import io.manx.api.resource.WorkloadEndpoint;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Puts rules into the terms of the tables, for one IP version.
 *
 * <p>As in Calico, a rule whose nets, or notNets, are all of the other version does not apply to this one.
 */
final class Flattener {
    private static final int TCP = 6;
    private static final int UDP = 17;
    private static final int PROTOCOL_BITS = 8;
    private static final int PROTOCOL_SHIFT = 24;

    private final Resources resources;
    private final int ipVersion;
    private final Map<String, Set<Prefix>> selected = new HashMap<>();

    /** @param resources whose endpoints the rules' selectors choose from */
    Flattener(Resources resources, int ipVersion) {
        this.resources = resources;
        this.ipVersion = ipVersion;
    }

    /** Without the rules that no packet of this IP version can match. */
    List<FlatRule> flatten(List<Rule> rules) {
        return rules.stream().flatMap(rule -> flatten(rule).stream()).toList();
    }

    private Optional<FlatRule> flatten(Rule rule) {
        if (rule.ipVersion().isPresent() && rule.ipVersion().get() != ipVersion) {
            return Optional.empty();
        }
        Map<Dimension, Condition> conditions = Map.of(
                Dimension.SOURCE, addresses(rule.source()),
                Dimension.DESTINATION, addresses(rule.destination()),
                Dimension.SOURCE_PORT, ports(rule.source().ports(), rule.protocol()),
                Dimension.DESTINATION_PORT, protocolAndPorts(rule));
        return conditions.values().stream().anyMatch(Condition::impossible)
                ? Optional.empty()
                : Optional.of(new FlatRule(rule.action() == Action.ALLOW, conditions));
    }

    private Condition addresses(Match match) {
        List<Set<Prefix>> inEach = new ArrayList<>();
        if (!match.nets().isEmpty()) {
            inEach.add(prefixes(match.nets()));
        }
        match.selector().ifPresent(selector -> inEach.add(endpoints(selector)));
        Set<Prefix> inNone = prefixes(match.notNets());
        if (inNone.isEmpty() && !match.notNets().isEmpty()) {
            inEach.add(Set.of());
        }
        return new Condition(inEach, inNone);
    }

    private Set<Prefix> prefixes(List<Cidr> nets) {
        return nets.stream()
                .filter(net -> versionOf(net.address()) == ipVersion)
                .map(Prefix::of)
                .collect(Collectors.toSet());
    }

    private Set<Prefix> endpoints(Selector selector) {
        return selected.computeIfAbsent(selector.text(), unused -> {
            Set<Prefix> addresses = new HashSet<>();
            for (WorkloadEndpoint workload : resources.workloadEndpoints()) {
                if (selector.matches(workload.labels())) {
                    addresses.addAll(prefixes(workload.ipNetworks()));
                }
            }
            for (HostEndpoint host : resources.hostEndpoints()) {
                if (selector.matches(host.labels())) {
                    host.expectedIPs().stream()
                            .filter(address -> versionOf(address) == ipVersion)
                            .forEach(address -> addresses.add(Prefix.of(address)));
                }
            }
            return addresses;
        });
    }

    private static Condition protocolAndPorts(Rule rule) {
        List<PortRange> ports = rule.destination().ports();
        if (!ports.isEmpty() || rule.protocol().isEmpty()) {
            return ports(ports, rule.protocol());
        }
        Prefix protocol = Prefix.ofWord((long) rule.protocol().get() << PROTOCOL_SHIFT, PROTOCOL_BITS);
        return new Condition(List.of(Set.of(protocol)), Set.of());
    }

    private static Condition ports(List<PortRange> ports, Optional<Integer> protocol) {
        if (ports.isEmpty()) {
            return Condition.ANY;
        }
        Set<Prefix> values = new HashSet<>();
        for (int number : protocol.map(List::of).orElse(List.of(TCP, UDP))) {
            long base = (long) number << PROTOCOL_SHIFT;
            ports.forEach(range -> values.addAll(Prefix.ofRange(base + range.first(), base + range.last())));
        }
        return new Condition(List.of(values), Set.of());
    }

    private static int versionOf(InetAddress address) {
        return address instanceof Inet4Address ? 4 : 6;
    }
}
