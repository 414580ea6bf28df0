package io.manx.api.resource;

import java.net.InetAddress;
import java.util.List;
import java.util.Map;

/** {@code projectcalico.org/v3} HostEndpoint: an interface of this host itself. */
public record HostEndpoint(
        String name, Source source, Map<String, String> labels, String interfaceName, List<InetAddress> expectedIPs)
        implements Endpoint {}
