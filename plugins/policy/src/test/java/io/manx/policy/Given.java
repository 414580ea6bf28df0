package io.manx.policy;

import io.manx.api.resource.Cidr;
import io.manx.api.resource.GlobalNetworkPolicy;
import io.manx.api.resource.GlobalNetworkPolicy.Action;
import io.manx.api.resource.GlobalNetworkPolicy.Match;
import io.manx.api.resource.GlobalNetworkPolicy.PortRange;
import io.manx.api.resource.GlobalNetworkPolicy.Rule;
import io.manx.api.resource.HostEndpoint;
import io.manx.api.resource.Resource.Source;
import io.manx.api.resource.Resources;
import io.manx.api.resource.Selector;
import io.manx.api.resource.WorkloadEndpoint;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Predicate;

/** Short ways to write resources. */
final class Given {
    static final int TCP = 6;
    static final int UDP = 17;
    static final int ICMP = 1;

    private static final Source SOURCE = new Source("test.yaml", 1);

    private Given() {}

    static InetAddress address(String text) {
        try {
            return InetAddress.getByName(text);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(text, e);
        }
    }

    static Cidr net(String text) {
        String[] parts = text.split("/");
        return new Cidr(address(parts[0]), Integer.parseInt(parts[1]));
    }

    static Selector all() {
        return selector("all()", labels -> true);
    }

    static Selector role(String role) {
        return selector("role == '" + role + "'", labels -> role.equals(labels.get("role")));
    }

    private static Selector selector(String text, Predicate<Map<String, String>> matches) {
        return new Selector() {
            @Override
            public boolean matches(Map<String, String> labels) {
                return matches.test(labels);
            }

            @Override
            public String text() {
                return text;
            }
        };
    }

    static WorkloadEndpoint workload(String interfaceName, String role, String... nets) {
        return new WorkloadEndpoint(
                interfaceName,
                SOURCE,
                Map.of("role", role),
                interfaceName,
                Arrays.stream(nets).map(Given::net).toList(),
                Optional.empty());
    }

    static HostEndpoint host(String interfaceName, String role, String... addresses) {
        return new HostEndpoint(
                interfaceName,
                SOURCE,
                Map.of("role", role),
                interfaceName,
                Arrays.stream(addresses).map(Given::address).toList());
    }

    static Match nets(String... nets) {
        return new Match(Arrays.stream(nets).map(Given::net).toList(), List.of(), Optional.empty(), List.of());
    }

    static Match notNets(String... nets) {
        return new Match(List.of(), Arrays.stream(nets).map(Given::net).toList(), Optional.empty(), List.of());
    }

    static Match port(int port) {
        return ports(port, port);
    }

    static Match ports(int first, int last) {
        return new Match(List.of(), List.of(), Optional.empty(), List.of(new PortRange(first, last)));
    }

    static Match endpoints(Selector selector) {
        return new Match(List.of(), List.of(), Optional.of(selector), List.of());
    }

    static Rule allow(int protocol, Match source, Match destination) {
        return new Rule(Action.ALLOW, Optional.of(protocol), Optional.empty(), source, destination);
    }

    static Rule deny(int protocol, Match source, Match destination) {
        return new Rule(Action.DENY, Optional.of(protocol), Optional.empty(), source, destination);
    }

    static Rule allowAll() {
        return new Rule(Action.ALLOW, Optional.empty(), Optional.empty(), Match.ANY, Match.ANY);
    }

    static Rule denyAll() {
        return new Rule(Action.DENY, Optional.empty(), Optional.empty(), Match.ANY, Match.ANY);
    }

    /** Of type Ingress. */
    static GlobalNetworkPolicy ingress(String name, double order, Selector selector, Rule... rules) {
        return new GlobalNetworkPolicy(
                name, SOURCE, OptionalDouble.of(order), selector, true, false, false, List.of(rules), List.of());
    }

    /** Of type Egress. */
    static GlobalNetworkPolicy egress(String name, double order, Selector selector, Rule... rules) {
        return new GlobalNetworkPolicy(
                name, SOURCE, OptionalDouble.of(order), selector, false, true, false, List.of(), List.of(rules));
    }

    static GlobalNetworkPolicy applyOnForward(GlobalNetworkPolicy policy) {
        return new GlobalNetworkPolicy(
                policy.name(),
                SOURCE,
                policy.order(),
                policy.selector(),
                policy.ingress(),
                policy.egress(),
                true,
                policy.ingressRules(),
                policy.egressRules());
    }

    static Resources resources(
            List<HostEndpoint> hosts, List<WorkloadEndpoint> workloads, GlobalNetworkPolicy... policies) {
        return new Resources(hosts, workloads, List.of(policies), List.of(), List.of(), List.of());
    }
}
