package io.manx.resources.yaml;

import io.manx.api.resource.Resource;
import io.manx.api.resource.Resource.Source;
import io.manx.api.resource.Service;
import java.net.InetAddress;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads Service of Kubernetes {@code v1}. */
final class Services {
    private Services() {}

    static Resource service(Fields document, Source source) {
        Metadata metadata = Metadata.read(document, source, true, Literals::label);
        Set<InetAddress> addresses = new LinkedHashSet<>();
        List<Service.Port> ports = document.required("spec")
                .flatMap(Value::fields)
                .map(spec -> spec(spec, addresses))
                .orElse(List.of());
        document.fields("status")
                .flatMap(status -> status.fields("loadBalancer"))
                .ifPresent(balancer -> addresses.addAll(assigned(balancer)));
        return new Service(metadata.fullName(), source, List.copyOf(addresses), ports);
    }

    private static List<Service.Port> spec(Fields spec, Set<InetAddress> addresses) {
        spec.value("type").ifPresent(Services::checkType);
        spec.value("clusterIP").ifPresent(value -> clusterIp(value).ifPresent(addresses::add));
        spec.elements("clusterIPs").forEach(value -> clusterIp(value).ifPresent(addresses::add));
        addresses.addAll(spec.elements("externalIPs", Addresses.ADDRESS, Addresses::address));
        spec.value("loadBalancerIP")
                .filter(value -> !value.isEmpty())
                .flatMap(value -> value.parsed(Addresses.ADDRESS, Addresses::address))
                .ifPresent(addresses::add);
        List<Service.Port> ports = ports(spec);
        spec.only("sessionAffinity", "None", "each new connection picks a backend of its own");
        spec.unsupported("sessionAffinityConfig", "each new connection picks a backend of its own");
        String everywhere = "backends are picked from all that are ready";
        spec.only("externalTrafficPolicy", "Cluster", everywhere);
        spec.only("internalTrafficPolicy", "Cluster", everywhere);
        spec.unsupported("trafficDistribution", everywhere);
        spec.unsupported("loadBalancerSourceRanges", "write a GlobalNetworkPolicy");
        spec.only("healthCheckNodePort", "0", "health checks of nodes are not answered");
        spec.harmless(
                "allocateLoadBalancerNodePorts",
                "externalName",
                "ipFamilies",
                "ipFamilyPolicy",
                "loadBalancerClass",
                "publishNotReadyAddresses",
                "selector");
        spec.finish();
        return ports;
    }

    private static void checkType(Value type) {
        type.text().ifPresent(text -> {
            if (text.equals("NodePort")) {
                type.problem("NodePort is not supported by Manx: give the Service a clusterIP or externalIPs");
            } else if (!List.of("ClusterIP", "LoadBalancer", "ExternalName").contains(text)) {
                type.refuse("ClusterIP or LoadBalancer");
            }
        });
    }

    /** None: a headless Service, which has no address of its own. */
    private static Optional<InetAddress> clusterIp(Value value) {
        boolean none = value.isEmpty() || value.shown().equals("\"None\"");
        return none ? Optional.empty() : value.parsed(Addresses.ADDRESS, Addresses::address);
    }

    private static List<Service.Port> ports(Fields spec) {
        List<Value> elements = spec.elements("ports");
        Set<String> names = new HashSet<>();
        Set<String> numbers = new HashSet<>();
        return elements.stream()
                .flatMap(element -> element.fields().map(port -> port(port, element, elements.size() > 1)).stream()
                        .peek(port -> {
                            if (!names.add(port.name())) {
                                element.problem("the name \"" + port.name() + "\" is given to two ports");
                            }
                            if (!numbers.add(port.protocol() + "/" + port.port())) {
                                element.problem("port " + port.port() + " is given twice for one protocol");
                            }
                        }))
                .toList();
    }

    private static Service.Port port(Fields port, Value element, boolean oneOfMany) {
        String name = port.value("name")
                .filter(value -> !value.isEmpty())
                .flatMap(value -> value.parsed("a name", Literals::label))
                .orElse("");
        if (name.isEmpty() && oneOfMany && port.value("name").isEmpty()) {
            element.problem("name is missing; each of several ports needs one");
        }
        int protocol = port.value("protocol")
                .flatMap(value -> value.parsed("TCP, UDP or SCTP", Literals::serviceProtocol))
                .orElse(6);
        int number = port.required("port")
                .flatMap(value -> value.integer(1, 65535, "a port"))
                .orElse(0);
        port.only("nodePort", "0", "give the Service a clusterIP or externalIPs");
        // The EndpointSlice says which port a backend listens on; this field only helps to make the slice.
        port.harmless("targetPort", "appProtocol");
        port.finish();
        return new Service.Port(name, protocol, number);
    }

    /** Addresses that a load balancer's controller gave; those of mode Proxy expect packets to leave for them. */
    private static List<InetAddress> assigned(Fields balancer) {
        return balancer.elements("ingress").stream()
                .flatMap(element -> element.fields().stream())
                .filter(ingress -> ingress.text("ipMode").filter(mode -> mode.equals("Proxy")).isEmpty())
                .flatMap(ingress -> ingress.value("ip").stream())
                .flatMap(value -> value.parsed(Addresses.ADDRESS, Addresses::address).stream())
                .toList();
    }
}
