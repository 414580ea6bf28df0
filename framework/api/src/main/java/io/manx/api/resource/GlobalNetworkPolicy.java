package io.manx.api.resource;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * {@code projectcalico.org/v3} GlobalNetworkPolicy.
 *
 * @param order lower first; none is last; ties by name
 * @param selector the endpoints it applies to
 * @param ingress whether {@code types} has Ingress; where types is absent: as Calico derives it from the rules
 * @param egress likewise
 */
public record GlobalNetworkPolicy(
        String name,
        Source source,
        OptionalDouble order,
        Selector selector,
        boolean ingress,
        boolean egress,
        boolean applyOnForward,
        List<Rule> ingressRules,
        List<Rule> egressRules)
        implements Resource {

    public enum Action {
        ALLOW,
        DENY
    }

    /**
     * @param protocol IANA number; none is any
     * @param ipVersion 4 or 6; none is both
     */
    public record Rule(
            Action action,
            Optional<Integer> protocol,
            Optional<Integer> ipVersion,
            Match source,
            Match destination) {}

    /** One side of a rule; an empty list matches anything. */
    public record Match(List<Cidr> nets, List<Cidr> notNets, Optional<Selector> selector, List<PortRange> ports) {
        public static final Match ANY = new Match(List.of(), List.of(), Optional.empty(), List.of());
    }

    /** Both ends belong to it. */
    public record PortRange(int first, int last) {}
}
