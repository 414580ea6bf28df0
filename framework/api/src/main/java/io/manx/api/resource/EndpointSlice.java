package io.manx.api.resource;

import java.net.InetAddress;
import java.util.List;

/**
 * Kubernetes {@code discovery.k8s.io/v1} EndpointSlice.
 *
 * @param service {@code namespace/name} from the label {@code kubernetes.io/service-name}
 */
public record EndpointSlice(
        String name, Source source, String service, List<Backend> backends, List<Service.Port> ports)
        implements Resource {
    /** @param ready conditions.ready; absent is ready */
    public record Backend(InetAddress address, boolean ready) {}
}
