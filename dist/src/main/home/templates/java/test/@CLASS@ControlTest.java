import static org.assertj.core.api.Assertions.assertThat;

import @PACKAGE@.@CLASS@Control;
import io.manx.testkit.StageHarness;
import io.manx.testkit.TestContext;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class @CLASS@ControlTest {
    @Test
    void blocksBeforeTheFirstPacket() {
        try (StageHarness stage = StageHarness.of(Path.of("build/bundle/META-INF/bpf/@C_NAME@.bpf.o")).load()) {
            new @CLASS@Control().loaded(new TestContext(stage));

            ByteBuffer key = stage.map("blocked").key().allocate().putShort(0, (short) @FIRST_BLOCKED@);
            assertThat(stage.map("blocked").get(key)).isPresent();
        }
    }
}
