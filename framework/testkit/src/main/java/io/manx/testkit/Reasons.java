package io.manx.testkit;

import io.manx.libbpf.Btf;
import java.util.Map;

/** Drop reasons by their names in C. */
final class Reasons {
    private Reasons() {}

    /** @param stage asked for reasons of its own first. @param sdk knows those of reason.h */
    static String name(long number, Btf stage, Btf sdk) {
        Map<String, Long> own = stage.enumeration("stage_reason");
        Map<String, Long> shared = sdk.enumeration("reason");
        boolean ownNumber = number >= shared.getOrDefault("REASON_OWN", Long.MAX_VALUE);
        return named(number, ownNumber ? own : shared, named(number, shared, "reason " + number));
    }

    private static String named(long number, Map<String, Long> names, String otherwise) {
        return names.entrySet().stream()
                .filter(name -> name.getValue() == number)
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(otherwise);
    }
}
