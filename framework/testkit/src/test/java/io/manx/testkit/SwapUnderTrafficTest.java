package io.manx.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class SwapUnderTrafficTest {
    private static final Path OBJECTS = Path.of("target/test-classes/META-INF/bpf");
    private static final Path GOES_ON = OBJECTS.resolve("goes_on.bpf.o");

    @Test
    void saysWhyAStageDoesNotRun() {
        assertThatThrownBy(() -> SwapUnderTraffic.of("another-name", GOES_ON).replace(1))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("another-name")
                .hasMessageContaining("refused");
    }

    @Test
    void noticesPacketsThatAreLost() {
        SwapUnderTraffic.Report report =
                SwapUnderTraffic.of("every-tenth", OBJECTS.resolve("every_tenth.bpf.o")).replace(1);

        assertThat(report.lost()).isPositive();
    }

    @Test
    void losesNothingWhileAStageIsReplaced() {
        SwapUnderTraffic.Report report = SwapUnderTraffic.of("goes-on", GOES_ON)
                .behind("sample", OBJECTS.resolve("sample.bpf.o"))
                .replace(20);

        assertThat(report.lost()).as("%s", report).isZero();
        assertThat(report.arrived()).isEqualTo(report.sent()).isGreaterThan(20 * 200);
        assertThat(report.longestSwitchMicros()).isPositive();
    }

    @Test
    void losesNothingOnTheXdpHookEither() {
        SwapUnderTraffic.Report report =
                SwapUnderTraffic.of("goes-on-xdp", OBJECTS.resolve("goes_on_xdp.bpf.o")).replace(5);

        assertThat(report.lost()).as("%s", report).isZero();
    }
}
