package io.manx.resources.yaml;

import io.manx.api.resource.Resource.Source;
import java.util.Map;
import java.util.function.Function;

/**
 * A document's {@code metadata}.
 *
 * @param name as written, without a namespace
 * @param namespace empty where the kind has none
 */
record Metadata(String name, String namespace, Map<String, String> labels, Source source) {
    static final String DEFAULT_NAMESPACE = "default";

    /** @param nameOf refuses a name that the kind doesn't allow */
    static Metadata read(Fields document, Source source, boolean namespaced, Function<String, String> nameOf) {
        Fields fields = document.required("metadata").flatMap(Value::fields).orElse(null);
        if (fields == null) {
            return new Metadata("", "", Map.of(), source);
        }
        String name = fields.required("name").flatMap(value -> value.parsed("a name", nameOf)).orElse("");
        String namespace = namespaced
                ? fields.value("namespace")
                        .flatMap(value -> value.parsed("a namespace's name", Literals::label))
                        .orElse(DEFAULT_NAMESPACE)
                : "";
        if (!namespaced) {
            fields.value("namespace")
                    .ifPresent(value -> value.problem("found " + value.shown() + ", but this kind has no namespaces"));
        }
        Map<String, String> labels = fields.texts("labels");
        fields.harmless(
                "annotations",
                "creationTimestamp",
                "deletionGracePeriodSeconds",
                "deletionTimestamp",
                "finalizers",
                "generateName",
                "generation",
                "managedFields",
                "ownerReferences",
                "resourceVersion",
                "selfLink",
                "uid");
        fields.finish();
        return new Metadata(name, namespace, labels, source);
    }

    /** {@code namespace/name}, or the name alone where the kind has no namespaces. */
    String fullName() {
        return namespace.isEmpty() ? name : namespace + "/" + name;
    }
}
