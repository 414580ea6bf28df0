package io.manx.resources.yaml;

import io.manx.api.resource.EndpointSlice;
import io.manx.api.resource.EndpointSlice.Backend;
import io.manx.api.resource.Resource;
import io.manx.api.resource.Resource.Source;
import io.manx.api.resource.Service;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/** Reads EndpointSlice of {@code discovery.k8s.io/v1}. */
final class Slices {
    private static final String SERVICE_LABEL = "kubernetes.io/service-name";

    private Slices() {}

    static Resource slice(Fields document, Source source) {
        Metadata metadata = Metadata.read(document, source, true, Literals::name);
        String service = metadata.labels().getOrDefault(SERVICE_LABEL, "");
        if (service.isEmpty()) {
            document.value("metadata")
                    .ifPresent(value -> value.problem("the label " + SERVICE_LABEL
                            + " is missing, expected the name of the Service that these endpoints serve"));
        }
        Optional<String> family = document.required("addressType")
                .flatMap(value -> value.parsed("IPv4 or IPv6", Slices::addressType));
        List<Backend> backends = document.elements("endpoints").stream()
                .flatMap(value -> value.fields().stream())
                .flatMap(endpoint -> backend(endpoint, family).stream())
                .toList();
        List<Service.Port> ports = document.elements("ports").stream()
                .flatMap(value -> value.fields().stream())
                .map(Slices::port)
                .toList();
        return new EndpointSlice(
                metadata.fullName(), source, metadata.namespace() + "/" + service, backends, ports);
    }

    private static String addressType(String text) {
        return switch (text) {
            case "IPv4", "IPv6" -> text;
            case "FQDN" -> throw new IllegalArgumentException(
                    "FQDN is not supported by Manx: packets go to addresses, not to names");
            default -> throw new IllegalArgumentException("found \"" + text + "\", expected IPv4 or IPv6");
        };
    }

    private static Optional<Backend> backend(Fields endpoint, Optional<String> family) {
        Optional<InetAddress> address =
                endpoint.required("addresses").flatMap(addresses -> address(addresses, family));
        boolean ready = endpoint.fields("conditions").map(Slices::ready).orElse(true);
        endpoint.unsupported("hints", "backends are picked from all that are ready");
        endpoint.harmless("deprecatedTopology", "hostname", "nodeName", "targetRef", "zone");
        endpoint.finish();
        return address.map(found -> new Backend(found, ready));
    }

    private static boolean ready(Fields conditions) {
        boolean ready = conditions.value("ready").flatMap(Value::flag).orElse(true);
        conditions.harmless("serving", "terminating");
        conditions.finish();
        return ready;
    }

    /** Kubernetes gives a meaning to the first address only; a second one would be ignored in silence. */
    private static Optional<InetAddress> address(Value addresses, Optional<String> family) {
        List<Value> elements = addresses.elements();
        if (elements.size() != 1) {
            addresses.problem("found " + elements.size() + " addresses, expected one; write an endpoint for each");
            return Optional.empty();
        }
        Value element = elements.get(0);
        Optional<InetAddress> address = element.parsed(Addresses.ADDRESS, Addresses::address);
        address.filter(found -> family.isPresent() && !family.get().equals(familyOf(found)))
                .ifPresent(found -> element.problem(
                        "found " + element.shown() + ", expected an " + family.get() + " address as addressType says"));
        return address;
    }

    private static String familyOf(InetAddress address) {
        return address.getAddress().length == 4 ? "IPv4" : "IPv6";
    }

    private static Service.Port port(Fields port) {
        String name = port.value("name")
                .filter(value -> !value.isEmpty())
                .flatMap(value -> value.parsed("a name", Literals::label))
                .orElse("");
        int protocol = port.value("protocol")
                .flatMap(value -> value.parsed("TCP, UDP or SCTP", Literals::serviceProtocol))
                .orElse(6);
        int number = port.required("port")
                .flatMap(value -> value.integer(1, 65535, "a port"))
                .orElse(0);
        port.harmless("appProtocol");
        port.finish();
        return new Service.Port(name, protocol, number);
    }
}
