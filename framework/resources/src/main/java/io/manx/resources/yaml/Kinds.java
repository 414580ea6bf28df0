package io.manx.resources.yaml;

import io.manx.api.resource.Resource;
import io.manx.api.resource.Resource.Source;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/** Which kinds there are, and who reads each. */
final class Kinds {
    /** @param reader reads the document's fields but apiVersion and kind; its result counts if it reports nothing */
    record Kind(String name, String apiVersion, BiFunction<Fields, Source, Resource> reader) {}

    static final List<Kind> ALL = List.of(
            new Kind("HostEndpoint", "projectcalico.org/v3", Endpoints::host),
            new Kind("WorkloadEndpoint", "projectcalico.org/v3", Endpoints::workload),
            new Kind("GlobalNetworkPolicy", "projectcalico.org/v3", Policies::global),
            new Kind("Service", "v1", Services::service),
            new Kind("EndpointSlice", "discovery.k8s.io/v1", Slices::slice),
            new Kind("Pipeline", "manx.io/v1", Pipelines::pipeline),
            new Kind("FelixConfiguration", "projectcalico.org/v3", FelixConfigurations::felix),
            new Kind("Settings", "manx.io/v1", ManxSettings::settings));

    /** Kinds that the same documents may hold and that Manx will know. */
    private static final List<String> LATER = List.of(
            "NetworkPolicy",
            "Tier",
            "Profile",
            "GlobalNetworkSet",
            "NetworkSet",
            "IPPool",
            "Namespace");

    private Kinds() {}

    /** Reports a kind or version that is not known. */
    static Optional<Kind> of(Fields document) {
        Optional<Value> kindField = document.required("kind");
        Optional<Value> versionField = document.required("apiVersion");
        Optional<String> name = kindField.flatMap(Value::text);
        Optional<String> version = versionField.flatMap(Value::text);
        if (name.isEmpty()) {
            return Optional.empty();
        }
        Optional<Kind> kind = ALL.stream().filter(k -> k.name().equals(name.get())).findFirst();
        if (kind.isEmpty()) {
            kindField.get().problem(unknown(name.get()));
        } else if (version.isPresent() && !version.get().equals(kind.get().apiVersion())) {
            versionField
                    .get()
                    .problem("found \"" + version.get() + "\", expected " + kind.get().apiVersion() + " for a "
                            + name.get());
            return Optional.empty();
        }
        return kind;
    }

    /** A {@code List} as kubectl prints it, or a {@code ServiceList} as calicoctl and the API do. */
    static boolean isList(String kind) {
        return kind.equals("List")
                || ALL.stream().anyMatch(known -> kind.equals(known.name() + "List"));
    }

    private static String unknown(String name) {
        if (LATER.contains(name)) {
            return name + " is not supported by Manx yet; remove this document";
        }
        List<String> names = ALL.stream().map(Kind::name).toList();
        return "found \"" + name + "\", expected "
                + Nearest.to(name, names)
                        .map(near -> near + " (did you mean that?)")
                        .orElse("one of " + String.join(", ", names));
    }
}
