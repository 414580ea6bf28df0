package io.manx.api.resource;

import java.net.InetAddress;
import java.util.List;

/**
 * Kubernetes {@code v1} Service.
 *
 * @param name {@code namespace/name}
 * @param addresses clusterIPs, externalIPs and load balancer addresses
 */
public record Service(String name, Source source, List<InetAddress> addresses, List<Port> ports) implements Resource {
    /** @param name empty where the document gives none. @param protocol IANA number */
    public record Port(String name, int protocol, int port) {}
}
