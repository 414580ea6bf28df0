package io.manx.api.resource;

import java.util.List;

/** Everything configured at one moment; a snapshot that never changes. Lists are in the order of names. */
public record Resources(
        List<HostEndpoint> hostEndpoints,
        List<WorkloadEndpoint> workloadEndpoints,
        List<GlobalNetworkPolicy> policies,
        List<Service> services,
        List<EndpointSlice> endpointSlices,
        List<Pipeline> pipelines) {

    public static final Resources NONE =
            new Resources(List.of(), List.of(), List.of(), List.of(), List.of(), List.of());

    public Resources {
        hostEndpoints = List.copyOf(hostEndpoints);
        workloadEndpoints = List.copyOf(workloadEndpoints);
        policies = List.copyOf(policies);
        services = List.copyOf(services);
        endpointSlices = List.copyOf(endpointSlices);
        pipelines = List.copyOf(pipelines);
    }
}
