package io.manx.resources.yaml;

import io.manx.api.resource.HostEndpoint;
import io.manx.api.resource.Resource;
import io.manx.api.resource.Resource.Source;
import io.manx.api.resource.WorkloadEndpoint;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Reads HostEndpoint and WorkloadEndpoint of {@code projectcalico.org/v3}. */
final class Endpoints {
    private static final String PROFILES = "profiles come later; select the endpoint by a GlobalNetworkPolicy";

    private Endpoints() {}

    static Resource host(Fields document, Source source) {
        Metadata metadata = Metadata.read(document, source, false, Literals::name);
        HostEndpoint nothing = new HostEndpoint(metadata.name(), source, metadata.labels(), "", List.of());
        return document.required("spec").flatMap(Value::fields).map(spec -> host(spec, metadata)).orElse(nothing);
    }

    private static HostEndpoint host(Fields spec, Metadata metadata) {
        HostEndpoint endpoint = new HostEndpoint(
                metadata.name(),
                metadata.source(),
                metadata.labels(),
                interfaceName(spec),
                spec.elements("expectedIPs", Addresses.ADDRESS, Addresses::address));
        spec.harmless("node", "ports");
        spec.unsupported("profiles", PROFILES);
        spec.finish();
        return endpoint;
    }

    static Resource workload(Fields document, Source source) {
        Metadata metadata = Metadata.read(document, source, true, Literals::name);
        WorkloadEndpoint nothing = new WorkloadEndpoint(
                metadata.fullName(), source, Map.of(), "", List.of(), Optional.empty());
        return document.required("spec")
                .flatMap(Value::fields)
                .map(spec -> workload(spec, metadata))
                .orElse(nothing);
    }

    private static WorkloadEndpoint workload(Fields spec, Metadata metadata) {
        // Calico gives every workload these two labels, and selectors in the wild rely on them.
        Map<String, String> labels = new TreeMap<>(metadata.labels());
        labels.put("projectcalico.org/namespace", metadata.namespace());
        spec.text("orchestrator").ifPresent(name -> labels.put("projectcalico.org/orchestrator", name));
        WorkloadEndpoint endpoint = new WorkloadEndpoint(
                metadata.fullName(),
                metadata.source(),
                Map.copyOf(labels),
                interfaceName(spec),
                spec.elements("ipNetworks", Addresses.ADDRESS, Addresses::single),
                spec.value("mac").flatMap(value -> value.parsed(Literals.MAC, Literals::mac)));
        spec.harmless(
                "node",
                "workload",
                "pod",
                "container",
                "containerID",
                "endpoint",
                "serviceAccountName",
                "ipv4Gateway",
                "ipv6Gateway",
                "ports");
        spec.unsupported("profiles", PROFILES);
        spec.unsupported("ipNATs", "floating addresses come later");
        spec.unsupported("allowSpoofedSourcePrefixes", "a workload's source addresses can't be widened");
        spec.unsupported("qosControls", "rates and bursts are not limited");
        spec.finish();
        return endpoint;
    }

    private static String interfaceName(Fields spec) {
        return spec.required("interfaceName")
                .flatMap(value -> value.parsed(Literals.INTERFACE, Literals::interfaceName))
                .orElse("");
    }
}
