package io.manx.itest.conntrack;

import static org.assertj.core.api.Assertions.assertThat;

import io.manx.testkit.Running;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What Manx does with a packet is what the kernel's connection tracking does, or docs/conntrack-differences.md says why
 * not.
 *
 * <p>A long run: {@code -Dmanx.differential.count=5000}, with another {@code -Dmanx.differential.seed}; one scenario again:
 * {@code -Dmanx.differential.scenario=NUMBER}.
 */
class DifferentialIT {
    private static final long SEED = Long.getLong("manx.differential.seed", 4);
    private static final int ONE = Integer.getInteger("manx.differential.scenario", -1);
    private static final int COUNT = ONE >= 0 ? 1 : Integer.getInteger("manx.differential.count", 1500);

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource(Mode.class)
    void doesWithEachPacketWhatTheKernelDoesOrHasAReason(Mode mode) throws IOException {
        try (DifferentialLab lab = new DifferentialLab(folder, mode);
                Running comparison = lab.compare(mode, SEED, Math.max(ONE, 0), COUNT)) {
            int status = comparison.awaitEnd(Duration.ofSeconds(60 + COUNT));
            System.out.println(comparison.output());

            assertThat(comparison.output()).contains(mode + ", seed " + SEED + ": " + COUNT + " scenarios, ");
            assertThat(status).as(comparison.output()).isZero();
        }
    }
}
