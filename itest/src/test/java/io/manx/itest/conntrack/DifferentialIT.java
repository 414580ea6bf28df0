package io.manx.itest.conntrack;

import static org.assertj.core.api.Assertions.assertThat;

import io.manx.testkit.Running;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
        compare(mode, Wire.PORT, COUNT);
    }

    /** Where Manx is on the port, and sees VLAN tags; a third as many. */
    @ParameterizedTest
    @CsvSource({"AS_IT_COMES, TRUNK", "WITHOUT_PICKUP, TRUNK_TWICE"})
    void doesSoWithTaggedFrames(Mode mode, Wire wire) throws IOException {
        compare(mode, wire, Math.max(1, COUNT / 3));
    }

    /** Flows that are silent for longer, or not, than their state allows, and go on. */
    @Test
    void forgetsAFlowWhenTheKernelDoesOrHasAReason() throws IOException {
        try (DifferentialLab lab = new DifferentialLab(folder, Mode.WITHOUT_PICKUP, Wire.PORT, 1500, Timeouts.SHORT);
                Running comparison = lab.compareSilent(SEED)) {
            int status = comparison.awaitEnd(Duration.ofSeconds(120));
            System.out.println(comparison.output());

            assertThat(status).as(comparison.output()).isZero();
            Matcher late = Pattern.compile(SilentScenarios.COUNT + " scenarios, (\\d+) too late").matcher(comparison.output());
            assertThat(late.find()).as(comparison.output()).isTrue();
            assertThat(Integer.parseInt(late.group(1))).as("too late to be compared").isLessThan(SilentScenarios.COUNT / 2);
        }
    }

    private void compare(Mode mode, Wire wire, int count) throws IOException {
        try (DifferentialLab lab = new DifferentialLab(folder, mode, wire);
                Running comparison = lab.compare(SEED, Math.max(ONE, 0), count)) {
            int status = comparison.awaitEnd(Duration.ofSeconds(60 + count));
            System.out.println(comparison.output());

            assertThat(comparison.output()).contains(mode + ", " + wire + ", seed " + SEED + ": " + count + " scenarios, ");
            assertThat(status).as(comparison.output()).isZero();
        }
    }
}
