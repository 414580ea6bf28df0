package io.manx.api.resource;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code projectcalico.org/v3} WorkloadEndpoint: the host's end of a container's or virtual machine's interface.
 *
 * @param mac of the workload's own end, 6 bytes, where given
 */
public record WorkloadEndpoint(
        String name,
        Source source,
        Map<String, String> labels,
        String interfaceName,
        List<Cidr> ipNetworks,
        Optional<byte[]> mac)
        implements Endpoint {}
