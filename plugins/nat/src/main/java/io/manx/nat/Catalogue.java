package io.manx.nat;

import io.manx.api.layout.Addresses;
import io.manx.api.resource.EndpointSlice;
import io.manx.api.resource.Resources;
import io.manx.api.resource.Service;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** What Services and EndpointSlices ask for together: every frontend, and the backends that stand behind it. */
record Catalogue(Map<Frontend, ServedPort> served) {
    static final Catalogue NONE = new Catalogue(Map.of());

    /**
     * A slice's port stands behind the service's port of the same name and protocol, at the service's addresses of its
     * backends' family.
     *
     * @throws IllegalArgumentException two services claim one frontend, a protocol is neither TCP nor UDP, or a slice's
     *     backends are of a family that its service has no address of
     */
    static Catalogue of(Resources resources) {
        Map<String, List<EndpointSlice>> slices =
                resources.endpointSlices().stream().collect(Collectors.groupingBy(EndpointSlice::service));
        Map<Frontend, ServedPort> served = new LinkedHashMap<>();
        Map<Frontend, Service> owners = new LinkedHashMap<>();
        for (Service service : resources.services()) {
            List<EndpointSlice> behind = slices.getOrDefault(service.name(), List.of());
            checkFamilies(service, behind);
            for (ServedPort port : portsOf(service, behind)) {
                Service other = owners.putIfAbsent(port.frontend(), service);
                if (other != null) {
                    throw clash(port.frontend(), other, service);
                }
                served.put(port.frontend(), port);
            }
        }
        return new Catalogue(served);
    }

    boolean isEmpty() {
        return served.isEmpty();
    }

    Map<Frontend, List<Backend>> ready() {
        Map<Frontend, List<Backend>> ready = new LinkedHashMap<>();
        served.forEach((frontend, port) -> ready.put(frontend, port.ready()));
        return ready;
    }

    boolean has(Frontend frontend) {
        return served.containsKey(frontend);
    }

    /** Whether the backend stands behind the frontend, ready or not. */
    boolean lists(Frontend frontend, Backend backend) {
        ServedPort port = served.get(frontend);
        return port != null && port.listed().contains(backend);
    }

    /** Whether flows of {@code before} may have no place here: a frontend is new, or a backend is gone. */
    boolean unsettles(Catalogue before) {
        return !before.served.keySet().containsAll(served.keySet())
                || before.served.values().stream()
                        .anyMatch(port -> !listed(port.frontend()).containsAll(port.listed()));
    }

    Collection<ServedPort> ports() {
        return served.values();
    }

    private Set<Backend> listed(Frontend frontend) {
        ServedPort port = served.get(frontend);
        return port == null ? Set.of() : port.listed();
    }

    private static List<ServedPort> portsOf(Service service, List<EndpointSlice> slices) {
        List<ServedPort> ports = new ArrayList<>();
        for (Service.Port port : service.ports()) {
            checkProtocol(service, port);
            Map<String, Map<Backend, Boolean>> byFamily = new HashMap<>();
            service.addresses().stream().distinct().forEach(address -> ports.add(new ServedPort(
                    service.name(),
                    new Frontend(address, port.port(), port.protocol()),
                    byFamily.computeIfAbsent(family(address), family -> backends(family, port, slices)))));
        }
        return ports;
    }

    private static Map<Backend, Boolean> backends(String family, Service.Port of, List<EndpointSlice> slices) {
        Map<Backend, Boolean> backends = new LinkedHashMap<>();
        for (EndpointSlice slice : slices) {
            for (Service.Port port : slice.ports()) {
                if (!port.name().equals(of.name()) || port.protocol() != of.protocol()) {
                    continue;
                }
                slice.backends().stream()
                        .filter(backend -> family(backend.address()).equals(family))
                        .forEach(backend -> backends.merge(
                                new Backend(backend.address(), port.port()), backend.ready(), Boolean::logicalOr));
            }
        }
        return backends;
    }

    private static void checkProtocol(Service service, Service.Port port) {
        if (port.protocol() != Frontend.TCP && port.protocol() != Frontend.UDP) {
            throw new IllegalArgumentException(service.source() + ": Service " + service.name() + " port "
                    + port.port() + " has protocol " + port.protocol() + "; expected TCP or UDP");
        }
    }

    private static void checkFamilies(Service service, List<EndpointSlice> slices) {
        if (service.addresses().isEmpty()) {
            return;
        }
        for (EndpointSlice slice : slices) {
            for (EndpointSlice.Backend backend : slice.backends()) {
                String family = family(backend.address());
                if (service.addresses().stream().map(Catalogue::family).noneMatch(family::equals)) {
                    throw new IllegalArgumentException(slice.source() + ": EndpointSlice " + slice.name()
                            + ": backend " + Addresses.text(backend.address()) + " is "
                            + family + ", but Service " + service.name() + " (" + service.source()
                            + ") has no such address; give the Service one, or the slice backends of its family");
                }
            }
        }
    }

    private static IllegalArgumentException clash(Frontend frontend, Service first, Service second) {
        return new IllegalArgumentException(second.source() + ": Service " + second.name() + " claims " + frontend
                + ", which Service " + first.name() + " (" + first.source() + ") has; give one of them another"
                + " address or port");
    }

    private static String family(InetAddress address) {
        return address.getAddress().length == 4 ? "IPv4" : "IPv6";
    }
}
