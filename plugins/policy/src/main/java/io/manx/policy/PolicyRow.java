package io.manx.policy;

import io.manx.api.resource.Endpoint;
import io.manx.api.resource.GlobalNetworkPolicy;
import io.manx.api.resource.Resources;
import java.util.ArrayList;
import java.util.List;

/**
 * A row of the report {@code policies}.
 *
 * @param order as given; null: after all that have one
 * @param types Ingress, Egress
 * @param interfaces of the endpoints it selects
 * @param rules of both types together
 */
public record PolicyRow(
        String name, Double order, List<String> types, boolean applyOnForward, List<String> interfaces, int rules) {

    /** In the order in which policies are asked. */
    static List<PolicyRow> of(Resources resources) {
        List<Endpoint> endpoints = new ArrayList<>(Compiler.byInterface(resources).values());
        return resources.policies().stream()
                .sorted(Compiler.ORDER)
                .map(policy -> of(policy, endpoints))
                .toList();
    }

    private static PolicyRow of(GlobalNetworkPolicy policy, List<Endpoint> endpoints) {
        List<String> types = new ArrayList<>();
        if (policy.ingress()) {
            types.add("Ingress");
        }
        if (policy.egress()) {
            types.add("Egress");
        }
        return new PolicyRow(
                policy.name(),
                policy.order().isPresent() ? policy.order().getAsDouble() : null,
                List.copyOf(types),
                policy.applyOnForward(),
                endpoints.stream()
                        .filter(endpoint -> policy.selector().matches(endpoint.labels()))
                        .map(Endpoint::interfaceName)
                        .sorted()
                        .toList(),
                policy.ingressRules().size() + policy.egressRules().size());
    }
}
