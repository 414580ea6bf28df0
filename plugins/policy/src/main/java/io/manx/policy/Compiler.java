package io.manx.policy;

import io.manx.api.resource.Endpoint;
import io.manx.api.resource.GlobalNetworkPolicy;
import io.manx.api.resource.GlobalNetworkPolicy.Rule;
import io.manx.api.resource.HostEndpoint;
import io.manx.api.resource.Resources;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * From what the user wants to what each interface asks, without touching the kernel.
 *
 * <p>A workload's ingress rules are for packets that go out by its interface, its egress rules for those that come in
 * by it; all its policies count. For a host endpoint ingress is in and egress is out, and packets that are forwarded
 * only meet the policies with applyOnForward. An interface that several endpoints name is a workload's first, and else
 * that of the first name.
 */
final class Compiler {
    static final Comparator<GlobalNetworkPolicy> ORDER = Comparator.comparingDouble(
                    (GlobalNetworkPolicy policy) -> policy.order().orElse(Double.POSITIVE_INFINITY))
            .thenComparing(GlobalNetworkPolicy::name);

    private final int blockWords;

    /** @param blockWords of {@code struct policy_block} */
    Compiler(int blockWords) {
        this.blockWords = blockWords;
    }

    /** The programs of a point; packets meet that of their IP version. */
    record Choice(Program v4, Program v6) {}

    /** Which rules make a program: those of these policies, by name. */
    private record Selected(List<String> policies, boolean ingress) {}

    /**
     * By interface index and point; what is missing is allowed.
     *
     * @param interfaces index by name
     * @throws IllegalArgumentException the policies of an endpoint do not fit; the message names it
     */
    Map<Integer, Map<Point, Choice>> compile(Resources resources, Map<String, Integer> interfaces) {
        Flattener v4 = new Flattener(resources, 4);
        Flattener v6 = new Flattener(resources, 6);
        Map<Selected, Choice> known = new HashMap<>();
        Map<Integer, Map<Point, Choice>> endpoints = new HashMap<>();
        for (Endpoint endpoint : byInterface(resources).values()) {
            Integer index = interfaces.get(endpoint.interfaceName());
            if (index == null) {
                continue;
            }
            Map<Point, Choice> choices = new EnumMap<>(Point.class);
            for (Point point : Point.values()) {
                List<GlobalNetworkPolicy> policies = select(resources.policies(), endpoint, point);
                if (!policies.isEmpty()) {
                    boolean ingress = asksIngress(endpoint, point);
                    Selected selected = new Selected(names(policies), ingress);
                    choices.put(point, known.computeIfAbsent(
                            selected, unused -> choice(rules(policies, ingress), endpoint, v4, v6)));
                }
            }
            if (!choices.isEmpty()) {
                endpoints.put(index, choices);
            }
        }
        return endpoints;
    }

    /** The endpoint that an interface is, by the interface's name. */
    static Map<String, Endpoint> byInterface(Resources resources) {
        List<Endpoint> all = new ArrayList<>(resources.workloadEndpoints());
        all.addAll(resources.hostEndpoints());
        Map<String, Endpoint> endpoints = new LinkedHashMap<>();
        all.forEach(endpoint -> endpoints.putIfAbsent(endpoint.interfaceName(), endpoint));
        return endpoints;
    }

    private static boolean asksIngress(Endpoint endpoint, Point point) {
        return endpoint instanceof HostEndpoint == point.in();
    }

    private static List<GlobalNetworkPolicy> select(
            List<GlobalNetworkPolicy> policies, Endpoint endpoint, Point point) {
        boolean forwardedOnly = endpoint instanceof HostEndpoint && point.forward();
        boolean ingress = asksIngress(endpoint, point);
        return policies.stream()
                .filter(policy -> ingress ? policy.ingress() : policy.egress())
                .filter(policy -> !forwardedOnly || policy.applyOnForward())
                .filter(policy -> policy.selector().matches(endpoint.labels()))
                .sorted(ORDER)
                .toList();
    }

    private static List<String> names(List<GlobalNetworkPolicy> policies) {
        return policies.stream().map(GlobalNetworkPolicy::name).toList();
    }

    private static List<Rule> rules(List<GlobalNetworkPolicy> policies, boolean ingress) {
        return policies.stream()
                .flatMap(policy -> (ingress ? policy.ingressRules() : policy.egressRules()).stream())
                .toList();
    }

    private Choice choice(List<Rule> rules, Endpoint endpoint, Flattener v4, Flattener v6) {
        try {
            return new Choice(
                    Program.of(v4.flatten(rules), blockWords), Program.of(v6.flatten(rules), blockWords));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "policies of endpoint " + endpoint.name() + " (" + endpoint.source() + "): " + e.getMessage(), e);
        }
    }
}
