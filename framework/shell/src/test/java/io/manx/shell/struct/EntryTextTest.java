package io.manx.shell.struct;

import static org.assertj.core.api.Assertions.assertThat;

import io.manx.shell.Given;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.api.Test;

class EntryTextTest {
    private final Given.MemoryMap map = new Given.MemoryMap();
    private final EntryText text = new EntryText(map);

    @Test
    void givesAPerCpuMapALineForEachCpu() {
        ByteBuffer twoCpus = ByteBuffer.allocate(32).order(ByteOrder.nativeOrder());
        twoCpus.putLong(0, 3).putLong(16, 4);
        Entry entry = new Entry(Given.KEY.allocate(), twoCpus);
        assertThat(text.lines(entry))
                .containsExactly(
                        "source=:: port=0 (cpu 0) : packets=3 route.gateway=0.0.0.0 route.kind=0",
                        "source=:: port=0 (cpu 1) : packets=4 route.gateway=0.0.0.0 route.kind=0");
        text.change(entry, List.of("packets=9"));
        assertThat(twoCpus.getLong(0)).isEqualTo(9);
        assertThat(twoCpus.getLong(16)).isEqualTo(9);
    }
}
