package io.manx.core;

import io.manx.api.resource.Pipeline;
import io.manx.api.resource.Resource.Source;
import io.manx.api.resource.Resources;
import java.util.List;

/** Pipeline resources, as tests write them. */
final class Specs {
    private Specs() {}

    static Pipeline ordered(String name, List<String> interfaces, String... order) {
        return new Pipeline(name, new Source(name + ".yaml", 1), "tc", interfaces, List.of(order), List.of());
    }

    static Pipeline without(String name, List<String> interfaces, String... without) {
        return new Pipeline(name, new Source(name + ".yaml", 1), "tc", interfaces, List.of(), List.of(without));
    }

    static Resources resources(Pipeline... pipelines) {
        return new Resources(List.of(), List.of(), List.of(), List.of(), List.of(), List.of(pipelines));
    }
}
