package io.manx.policy;

import io.manx.api.resource.Cidr;
import io.manx.api.resource.Endpoint;
import io.manx.api.resource.GlobalNetworkPolicy;
import io.manx.api.resource.GlobalNetworkPolicy.Action;
import io.manx.api.resource.GlobalNetworkPolicy.Match;
import io.manx.api.resource.GlobalNetworkPolicy.Rule;
import io.manx.api.resource.HostEndpoint;
import io.manx.api.resource.Resources;
import io.manx.api.resource.WorkloadEndpoint;
import java.math.BigInteger;
import java.net.InetAddress;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/** What policies mean, one rule after the other, with nothing shared with the compiler. */
record Evaluator(Resources resources) {
    /** A packet after service translation. @param first false: a later fragment, which comes with its first one's ports */
    record Packet(
            int protocol, boolean first, InetAddress source, int sourcePort, InetAddress destination, int destinationPort) {
        boolean v4() {
            return source.getAddress().length == 4;
        }

        boolean hasPorts() {
            return Set.of(6, 17, 132, 136).contains(protocol);
        }
    }

    static final String ALLOWED = "REASON_NONE";
    static final String DENIED = "REASON_POLICY_DENY";
    static final String DENIED_BY_DEFAULT = "REASON_POLICY_DEFAULT";

    /**
     * @param in whether it comes in by the endpoint's interface; else it goes out
     * @param forwarded whether it has another interface's business too
     */
    String judge(Endpoint endpoint, boolean in, boolean forwarded, Packet packet) {
        boolean workload = endpoint instanceof WorkloadEndpoint;
        boolean ingress = workload != in;
        List<GlobalNetworkPolicy> policies = resources.policies().stream()
                .filter(policy -> policy.selector().matches(endpoint.labels()))
                .filter(policy -> ingress ? policy.ingress() : policy.egress())
                .filter(policy -> workload || !forwarded || policy.applyOnForward())
                .sorted(Comparator.comparing(GlobalNetworkPolicy::name))
                .sorted(Comparator.comparingDouble(policy -> policy.order().orElse(Double.MAX_VALUE)))
                .toList();
        for (GlobalNetworkPolicy policy : policies) {
            for (Rule rule : ingress ? policy.ingressRules() : policy.egressRules()) {
                if (matches(rule, packet)) {
                    return rule.action() == Action.ALLOW ? ALLOWED : DENIED;
                }
            }
        }
        return policies.isEmpty() ? ALLOWED : DENIED_BY_DEFAULT;
    }

    private boolean matches(Rule rule, Packet packet) {
        return rule.ipVersion().map(version -> version == 4 == packet.v4()).orElse(true)
                && rule.protocol().map(protocol -> protocol == packet.protocol()).orElse(true)
                && matches(rule.source(), packet.source(), packet.sourcePort(), packet)
                && matches(rule.destination(), packet.destination(), packet.destinationPort(), packet);
    }

    private boolean matches(Match match, InetAddress address, int port, Packet packet) {
        return (match.nets().isEmpty() || in(match.nets(), address))
                && (match.notNets().isEmpty() || ofSameVersion(match.notNets(), address) && !in(match.notNets(), address))
                && match.selector().map(selector -> resources.workloadEndpoints().stream()
                                        .filter(one -> selector.matches(one.labels()))
                                        .anyMatch(one -> in(one.ipNetworks(), address))
                                || resources.hostEndpoints().stream()
                                        .filter(one -> selector.matches(one.labels()))
                                        .map(HostEndpoint::expectedIPs)
                                        .anyMatch(addresses -> addresses.contains(address)))
                        .orElse(true)
                && (match.ports().isEmpty()
                        || packet.hasPorts()
                                && match.ports().stream().anyMatch(range -> range.first() <= port && port <= range.last()));
    }

    private static boolean ofSameVersion(List<Cidr> nets, InetAddress address) {
        return nets.stream().anyMatch(net -> net.address().getAddress().length == address.getAddress().length);
    }

    private static boolean in(List<Cidr> nets, InetAddress address) {
        return nets.stream().anyMatch(net -> {
            byte[] first = net.address().getAddress();
            byte[] other = address.getAddress();
            int rest = 8 * first.length - net.length();
            return first.length == other.length
                    && new BigInteger(1, first).shiftRight(rest).equals(new BigInteger(1, other).shiftRight(rest));
        });
    }
}
