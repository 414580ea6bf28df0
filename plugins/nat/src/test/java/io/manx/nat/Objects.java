package io.manx.nat;

import io.manx.testkit.StageHarness;
import java.nio.file.Path;

/** The bundle's objects, as the build left them. */
final class Objects {
    private Objects() {}

    static StageHarness service() {
        return StageHarness.of(Path.of("target/classes/META-INF/bpf/service.bpf.o"));
    }

    static StageHarness nat() {
        return StageHarness.of(Path.of("target/classes/META-INF/bpf/nat.bpf.o"));
    }
}
