package io.manx.itest.conntrack;

import static org.assertj.core.api.Assertions.assertThat;

import io.manx.testkit.Running;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Packets whose headers are not in the linear part of their skb are pulled in, judged and rewritten like any other. */
class NonLinearIT {
    private static final String GUARD =
            Path.of("target/test-classes/META-INF/bpf/non_linear.bpf.o").toAbsolutePath().toString();

    @TempDir
    Path folder;

    @Test
    void treatsThemAsItTreatsTheSameOnesWhole() throws IOException {
        try (DifferentialLab lab = new DifferentialLab(folder, Mode.AS_IT_COMES, Wire.PORT, 9000, Timeouts.AS_THEY_COME)) {
            lab.guard(GUARD);
            try (Running comparison = lab.start(NonLinearMain.class)) {
                int status = comparison.awaitEnd(Duration.ofSeconds(120));
                assertThat(comparison.output()).contains("alike: IPv6 to the service: TCP answer");
                assertThat(status).as(comparison.output()).isZero();
            }
        }
    }
}
