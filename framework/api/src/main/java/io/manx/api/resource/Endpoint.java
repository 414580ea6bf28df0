package io.manx.api.resource;

import java.util.Map;

/** An interface that policies may select. */
public sealed interface Endpoint extends Resource permits HostEndpoint, WorkloadEndpoint {
    Map<String, String> labels();

    String interfaceName();
}
