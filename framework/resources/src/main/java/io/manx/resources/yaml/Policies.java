package io.manx.resources.yaml;

import io.manx.api.resource.GlobalNetworkPolicy;
import io.manx.api.resource.GlobalNetworkPolicy.Rule;
import io.manx.api.resource.Resource;
import io.manx.api.resource.Resource.Source;
import io.manx.resources.selector.Selectors;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** Reads GlobalNetworkPolicy of {@code projectcalico.org/v3}. */
final class Policies {
    private Policies() {}

    static Resource global(Fields document, Source source) {
        Metadata metadata = Metadata.read(document, source, false, Literals::name);
        return document.required("spec")
                .flatMap(Value::fields)
                .map(spec -> global(spec, metadata))
                .orElseGet(() -> new GlobalNetworkPolicy(
                        metadata.name(),
                        source,
                        OptionalDouble.empty(),
                        Selectors.ALL,
                        false,
                        false,
                        false,
                        List.of(),
                        List.of()));
    }

    private static GlobalNetworkPolicy global(Fields spec, Metadata metadata) {
        Optional<Double> order = spec.value("order").flatMap(Value::number);
        List<Rule> ingressRules = Rules.list(spec, "ingress");
        List<Rule> egressRules = Rules.list(spec, "egress");
        List<String> types = types(spec);
        checkRulesAreUsed(spec, types, "ingress", "Ingress");
        checkRulesAreUsed(spec, types, "egress", "Egress");
        GlobalNetworkPolicy policy = new GlobalNetworkPolicy(
                metadata.name(),
                metadata.source(),
                order.map(OptionalDouble::of).orElse(OptionalDouble.empty()),
                spec.value("selector").flatMap(Rules::selector).orElse(Selectors.ALL),
                types.isEmpty() ? !ingressRules.isEmpty() || egressRules.isEmpty() : types.contains("Ingress"),
                types.isEmpty() ? !egressRules.isEmpty() : types.contains("Egress"),
                spec.flag("applyOnForward"),
                ingressRules,
                egressRules);
        spec.only("tier", "default", "there is one tier, named default, so far");
        spec.only("doNotTrack", "false", "every flow is tracked");
        spec.only("preDNAT", "false", "policy judges a packet after a Service has picked its backend");
        spec.unsupported("namespaceSelector", "Namespaces come later; select by label projectcalico.org/namespace");
        spec.unsupported("serviceAccountSelector", "service accounts are not known; select by labels");
        spec.harmless("performanceHints");
        spec.finish();
        return policy;
    }

    private static List<String> types(Fields spec) {
        return spec.elements("types", "Ingress or Egress", type -> {
            if (!List.of("Ingress", "Egress").contains(type)) {
                throw new IllegalArgumentException("found \"" + type + "\", expected Ingress or Egress");
            }
            return type;
        });
    }

    /** Rules of a direction that types leaves out would never be used; whoever wrote them thinks otherwise. */
    private static void checkRulesAreUsed(Fields spec, List<String> types, String field, String type) {
        if (!types.isEmpty() && !types.contains(type)) {
            spec.value(field)
                    .filter(rules -> !rules.isEmpty())
                    .ifPresent(rules -> rules.problem("found rules, but spec.types has no " + type
                            + ", so they would not be used; add it or remove them"));
        }
    }
}
