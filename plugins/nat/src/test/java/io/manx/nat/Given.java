package io.manx.nat;

import io.manx.api.resource.EndpointSlice;
import io.manx.api.resource.Resource.Source;
import io.manx.api.resource.Resources;
import io.manx.api.resource.Service;
import io.manx.testkit.Packets;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** The services that the tests ask for. */
final class Given {
    static final InetAddress CLIENT = Packets.address("10.0.1.2");
    static final InetAddress FRONTEND = Packets.address("10.96.0.10");
    static final InetAddress FRONTEND_TWO = Packets.address("10.96.0.11");
    static final InetAddress BACKEND_ONE = Packets.address("10.0.2.2");
    static final InetAddress BACKEND_TWO = Packets.address("10.0.2.3");
    static final InetAddress CLIENT6 = Packets.address("fd00:1::2");
    static final InetAddress FRONTEND6 = Packets.address("fd00:96::10");
    static final InetAddress BACKEND6 = Packets.address("fd00:2::2");
    static final int PORT = 80;
    static final int TARGET = 8080;

    private Given() {}

    static Service service(String name, InetAddress... addresses) {
        return service(name, List.of(tcp(PORT)), addresses);
    }

    static Service service(String name, List<Service.Port> ports, InetAddress... addresses) {
        return new Service("default/" + name, new Source(name + ".yaml", 1), List.of(addresses), ports);
    }

    static EndpointSlice slice(String service, InetAddress... ready) {
        return slice(service, List.of(tcp(TARGET)), ready);
    }

    static EndpointSlice slice(String service, List<Service.Port> ports, InetAddress... ready) {
        return slice(service, ports, Arrays.stream(ready).map(address -> new EndpointSlice.Backend(address, true)));
    }

    static EndpointSlice sliceNotReady(String service, InetAddress... addresses) {
        return slice(
                service,
                List.of(tcp(TARGET)),
                Arrays.stream(addresses).map(address -> new EndpointSlice.Backend(address, false)));
    }

    static Service.Port tcp(int port) {
        return new Service.Port("", Frontend.TCP, port);
    }

    static Service.Port udp(int port) {
        return new Service.Port("", Frontend.UDP, port);
    }

    static Resources resources(List<Service> services, EndpointSlice... slices) {
        return new Resources(List.of(), List.of(), List.of(), services, List.of(slices), List.of());
    }

    private static EndpointSlice slice(
            String service, List<Service.Port> ports, Stream<EndpointSlice.Backend> backends) {
        return new EndpointSlice(
                "default/" + service + "-1",
                new Source(service + "-1.yaml", 1),
                "default/" + service,
                backends.toList(),
                ports);
    }
}
