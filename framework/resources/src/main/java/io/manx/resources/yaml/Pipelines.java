package io.manx.resources.yaml;

import io.manx.api.resource.Pipeline;
import io.manx.api.resource.Resource;
import io.manx.api.resource.Resource.Source;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** Reads Pipeline of {@code manx.io/v1}. */
final class Pipelines {
    private static final String STAGE = "a stage's name";

    private Pipelines() {}

    static Resource pipeline(Fields document, Source source) {
        Metadata metadata = Metadata.read(document, source, false, Literals::name);
        Pipeline nothing = new Pipeline(metadata.name(), source, "tc", List.of(), List.of(), List.of());
        return document.required("spec").flatMap(Value::fields).map(spec -> pipeline(spec, metadata)).orElse(nothing);
    }

    private static Pipeline pipeline(Fields spec, Metadata metadata) {
        String hook = spec.value("hook").flatMap(value -> value.parsed("tc or xdp", Pipelines::hook)).orElse("tc");
        List<String> interfaces = names(spec, "interfaces", Literals.INTERFACE, Pipelines::interfaceName);
        List<String> order = names(spec, "order", STAGE, Literals::label);
        List<String> without = names(spec, "without", STAGE, Literals::label);
        refuseEmpty(spec, "interfaces", "leave it out for every interface that no other Pipeline names");
        refuseEmpty(spec, "order", "leave it out for the order that the stages derive");
        if (!order.isEmpty() && !without.isEmpty()) {
            spec.value("without").ifPresent(value -> value.problem(
                    "order names every stage that is to be there; write one of the two"));
        }
        spec.finish();
        return new Pipeline(metadata.name(), metadata.source(), hook, interfaces, order, without);
    }

    private static List<String> names(Fields spec, String field, String expected, Function<String, String> parser) {
        Set<String> once = new HashSet<>();
        return spec.elements(field).stream()
                .flatMap(element -> element.parsed(expected, parser).stream().filter(name -> {
                    boolean first = once.add(name);
                    if (!first) {
                        element.problem("\"" + name + "\" is given twice");
                    }
                    return first;
                }))
                .toList();
    }

    /** A list that a template left empty must not come to mean all. */
    private static void refuseEmpty(Fields spec, String field, String instead) {
        spec.value(field).filter(Value::isEmpty).ifPresent(value -> value.problem("is empty; " + instead));
    }

    private static String hook(String text) {
        if (!List.of("tc", "xdp").contains(text)) {
            throw new IllegalArgumentException("found \"" + text + "\", expected tc or xdp");
        }
        return text;
    }

    private static String interfaceName(String text) {
        if (text.equals("*")) {
            throw new IllegalArgumentException(
                    "found \"*\"; leave interfaces out for every interface that no other Pipeline names");
        }
        return Literals.interfaceName(text);
    }
}
