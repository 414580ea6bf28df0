package io.manx.libbpf;

import static io.manx.libbpf.Objects.u32;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BigMapTest {
    private static final int ENTRIES = 512_000;

    /** As large as a flow's. */
    private static final int VALUE_BYTES = 128;

    private static MapSpec spec(MapType type, int entries, int flags) {
        return new MapSpec(
                "big", type, 16, VALUE_BYTES, entries, flags, LayoutBuilder.ofBytes(16), LayoutBuilder.ofBytes(VALUE_BYTES));
    }

    private static Map<ByteBuffer, ByteBuffer> entries(int from, int count) {
        Map<ByteBuffer, ByteBuffer> entries = new HashMap<>(2 * count);
        ByteBuffer value = ByteBuffer.allocate(VALUE_BYTES);
        for (int i = from; i < from + count; i++) {
            entries.put(ByteBuffer.allocate(16).order(ByteOrder.nativeOrder()).putInt(0, i), value);
        }
        return entries;
    }

    @Test
    void refusesTheFirstEntryThatIsTooMany() {
        try (BpfMap map = BpfMap.create(spec(MapType.HASH, 1000, 0))) {
            assertThatThrownBy(() -> map.putAll(entries(0, 1001)))
                    .isInstanceOfSatisfying(BpfException.class, e -> assertThat(e.errno()).isEqualTo(7))
                    .hasMessageContaining("map big, after 1000 of 1001 entries");
        }
    }

    @Test
    void visitsHalfAMillionEntriesOnceInLessThanHalfTheTimeOfOneByOne() {
        try (BpfMap map = BpfMap.create(spec(MapType.HASH, ENTRIES, 1))) {
            for (int from = 0; from < ENTRIES; from += 64_000) {
                map.putAll(entries(from, 64_000));
            }
            BitSet seen = new BitSet(ENTRIES);
            int[] visits = new int[1];

            long begin = processorNanos();
            map.forEach((key, value) -> {
                visits[0]++;
                seen.set(key.getInt(0));
            });
            long nanos = processorNanos() - begin;
            long oneByOne = processorNanos();
            for (int i = 0; i < ENTRIES / 10; i++) {
                map.get(ByteBuffer.allocate(16).order(ByteOrder.nativeOrder()).putInt(0, i)).orElseThrow();
            }
            oneByOne = 10 * (processorNanos() - oneByOne);

            System.out.printf(
                    "%d entries read in %d ms of processor time, one by one in %d%n",
                    ENTRIES, nanos / 1_000_000, oneByOne / 1_000_000);
            assertThat(visits[0]).isEqualTo(ENTRIES);
            assertThat(seen.cardinality()).isEqualTo(ENTRIES);
            assertThat(nanos).as("ns, one by one %d", oneByOne).isLessThan(oneByOne / 2);
        }
    }

    /** Of this thread, kernel included: other work on the machine doesn't count. */
    private static long processorNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    @Test
    void readsAnEmptyMap() {
        try (BpfMap map = BpfMap.create(spec(MapType.HASH, 10, 0))) {
            map.forEach((key, value) -> {
                throw new AssertionError("an entry in an empty map");
            });
            map.putAll(Map.of());
            assertThat(map.get(ByteBuffer.allocate(16))).isEmpty();
        }
    }

    @Test
    void refusesAMapTheKernelCannotMake() {
        assertThatThrownBy(() -> BpfMap.create(spec(MapType.ARRAY, 10, 0)))
                .isInstanceOf(BpfException.class)
                .hasMessageContaining("map big: bpf_map_create failed: Invalid argument (22)");
    }

    @Test
    void keepsAMapWithALongName() {
        MapSpec named = new MapSpec(
                "manx_a_very_long_name", MapType.ARRAY, 4, 4, 1, 0, LayoutBuilder.ofBytes(4), LayoutBuilder.ofBytes(4));
        try (BpfMap map = BpfMap.create(named)) {
            assertThat(map.name()).isEqualTo("manx_a_very_long_name");
            assertThat(map.info().name()).isEqualTo("manx_a_very_lon");
            assertThat(map.get(u32(0))).hasValue(u32(0));
        }
    }
}
