package io.manx.api.resource;

import java.util.List;

/** Everything configured at one moment; a snapshot that never changes. Lists are in the order of names. */
public record Resources(
        List<HostEndpoint> hostEndpoints,
        List<WorkloadEndpoint> workloadEndpoints,
        List<GlobalNetworkPolicy> policies,
        List<Service> services,
        List<EndpointSlice> endpointSlices,
        List<Pipeline> pipelines,
        FelixConfiguration felixConfiguration,
        Settings settings) {

    public static final Resources NONE =
            new Resources(List.of(), List.of(), List.of(), List.of(), List.of(), List.of());

    /** With nothing set otherwise than by default. */
    public Resources(
            List<HostEndpoint> hostEndpoints,
            List<WorkloadEndpoint> workloadEndpoints,
            List<GlobalNetworkPolicy> policies,
            List<Service> services,
            List<EndpointSlice> endpointSlices,
            List<Pipeline> pipelines) {
        this(
                hostEndpoints,
                workloadEndpoints,
                policies,
                services,
                endpointSlices,
                pipelines,
                FelixConfiguration.NONE,
                Settings.NONE);
    }

    public Resources {
        hostEndpoints = List.copyOf(hostEndpoints);
        workloadEndpoints = List.copyOf(workloadEndpoints);
        policies = List.copyOf(policies);
        services = List.copyOf(services);
        endpointSlices = List.copyOf(endpointSlices);
        pipelines = List.copyOf(pipelines);
    }

    /** The same, but for these two. */
    public Resources with(FelixConfiguration felix, Settings others) {
        return new Resources(
                hostEndpoints, workloadEndpoints, policies, services, endpointSlices, pipelines, felix, others);
    }
}
