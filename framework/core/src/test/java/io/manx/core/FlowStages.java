package io.manx.core;

import static io.manx.core.Offers.compiled;

import io.manx.api.stage.StageControl;
import io.manx.core.StageDescriptor.Migrate;
import java.util.List;
import java.util.Optional;

/** The stages flows and twin of one bundle, whose map differs from version to version (src/test/bpf/flows*.bpf.c). */
final class FlowStages {
    static final String BUNDLE = "bundle.flows";
    static final String MAP = BUNDLE + "/flows";
    private static long bundleIds = 1000;

    private FlowStages() {}

    /** @param object 1: the first; 2: other members; 3: more room; 4: little room; 5: a member more than 2 */
    static StageDescriptor flows(int object, Migrate how) {
        return stage("flows", object, List.of(), Optional.empty()).migrating(how);
    }

    static StageDescriptor flows(int object, StageControl control) {
        StageDescriptor stage = stage("flows", object, List.of(), Optional.of(control));
        return object == 1 ? stage : stage.migrating(Migrate.CONTROL);
    }

    static StageDescriptor twin(int object) {
        return stage("twin", object, List.of("flows"), Optional.empty()).migrating(Migrate.BY_NAME);
    }

    private static StageDescriptor stage(String name, int object, List<String> after, Optional<StageControl> control) {
        return new StageDescriptor(
                name,
                BUNDLE,
                ++bundleIds,
                Version.parse(object + ".0.0"),
                Hook.TC,
                after,
                List.of(),
                WhichPackets.EVERY,
                compiled(name + object + ".bpf.o"),
                control.isPresent(),
                () -> control);
    }
}
