package io.manx.libbpf;

import static io.manx.libbpf.Objects.u32;
import static io.manx.libbpf.Objects.u64;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.manx.api.layout.Layout;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BpfMapTest {
    private final BpfObject object = Objects.load("maps.bpf.o");

    @AfterEach
    void close() {
        object.close();
    }

    @Test
    void refusesAKeyOfTheWrongSize() {
        assertThatThrownBy(() -> object.map("hash").get(u64(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("map hash: a key has 4 bytes, not 8");
    }

    @Test
    void refusesAnEntryBeyondItsCapacity() {
        BpfMap hash = object.map("hash");
        for (int i = 0; i < hash.capacity(); i++) {
            hash.put(u32(i), hash.value().allocate());
        }

        assertThatThrownBy(() -> hash.put(u32(99), hash.value().allocate()))
                .isInstanceOfSatisfying(BpfException.class, e -> assertThat(e.errno()).isEqualTo(7));
    }

    @Test
    void refusesToDeleteFromAnArray() {
        assertThatThrownBy(() -> object.map("array").delete(u32(0)))
                .isInstanceOf(BpfException.class)
                .hasMessageContaining("map array: bpf_map_delete_elem failed: Invalid argument (22)");
    }

    @Test
    void refusesToReadAfterItsClose() {
        BpfMap hash = object.map("hash");
        hash.close();
        hash.close();

        assertThatThrownBy(() -> hash.get(u32(1)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("map hash is closed");
    }

    @Test
    void keepsAHashEntryUntilItIsDeleted() {
        BpfMap hash = object.map("hash");
        ByteBuffer value = hash.value().allocate();
        hash.value().field("last[0].port").set(value, 8080);

        assertThat(hash.get(u32(5))).isEmpty();
        hash.put(u32(5), value);
        assertThat(hash.get(u32(5))).hasValueSatisfying(read -> {
            assertThat(hash.value().field("last[0].port").get(read)).isEqualTo(8080);
            assertThat(read.position()).isZero();
        });
        assertThat(hash.delete(u32(5))).isTrue();
        assertThat(hash.delete(u32(5))).isFalse();
    }

    @Test
    void readsAnArrayRowByRow() {
        BpfMap array = object.map("array");
        array.putAll(Map.of(u32(1), u64(11), u32(3), u64(33)));

        Map<Integer, Long> rows = new LinkedHashMap<>();
        array.forEach((key, value) -> rows.put(key.getInt(0), value.getLong(0)));

        assertThat(rows).containsExactly(Map.entry(0, 0L), Map.entry(1, 11L), Map.entry(2, 0L), Map.entry(3, 33L));
    }

    @Test
    void keepsTheMostRecentOfAnLru() {
        BpfMap lru = object.map("lru");
        Map<ByteBuffer, ByteBuffer> entries = new HashMap<>();
        for (int i = 0; i < 100; i++) {
            entries.put(u32(i), u32(i * i));
        }
        lru.putAll(entries);

        Map<Integer, Integer> read = new HashMap<>();
        lru.forEach((key, value) -> read.put(key.getInt(0), value.getInt(0)));

        assertThat(read).hasSize(100).containsEntry(99, 9801);
    }

    @Test
    void keepsAValueForEachCpu() {
        BpfMap array = object.map("percpu_array");
        object.program("count").run(Objects.PACKET, 10);

        ByteBuffer counts = array.get(u32(0)).orElseThrow();

        assertThat(counts.capacity()).isEqualTo(8 * Cpus.possible());
        long sum = 0;
        for (int cpu = 0; cpu < Cpus.possible(); cpu++) {
            sum += counts.getInt(8 * cpu);
        }
        assertThat(sum).isEqualTo(10);
        assertThat(array.value().size()).isEqualTo(4);
    }

    @Test
    void walksAPerCpuHash() {
        BpfMap hash = object.map("percpu_hash");
        ByteBuffer value = ByteBuffer.allocate(hash.valueBytes());
        value.put(8 * (Cpus.possible() - 1), (byte) 7);
        hash.putAll(Map.of(u32(1), value, u32(2), ByteBuffer.allocate(hash.valueBytes())));

        Map<Integer, Byte> read = new HashMap<>();
        hash.forEach((key, all) -> read.put(key.getInt(0), all.get(8 * (Cpus.possible() - 1))));

        assertThat(read).containsOnly(Map.entry(1, (byte) 7), Map.entry(2, (byte) 0));
    }

    @Test
    void findsTheLongestPrefix() throws UnknownHostException {
        BpfMap lpm = object.map("lpm");
        lpm.put(prefix(lpm.key(), 8, "10.0.0.0"), u32(8));
        lpm.put(prefix(lpm.key(), 16, "10.1.0.0"), u32(16));

        assertThat(lpm.get(prefix(lpm.key(), 32, "10.1.2.3"))).hasValue(u32(16));
        assertThat(lpm.get(prefix(lpm.key(), 32, "10.2.2.3"))).hasValue(u32(8));
        assertThat(lpm.get(prefix(lpm.key(), 32, "192.0.2.1"))).isEmpty();
        Map<ByteBuffer, ByteBuffer> read = new HashMap<>();
        lpm.forEach(read::put);
        assertThat(read).hasSize(2).containsEntry(prefix(lpm.key(), 16, "10.1.0.0"), u32(16));
    }

    private static ByteBuffer prefix(Layout layout, int bits, String address) throws UnknownHostException {
        ByteBuffer key = layout.allocate();
        layout.field("bits").set(key, bits);
        layout.field("address").setBytes(key, InetAddress.getByName(address).getAddress());
        return key;
    }

    @Test
    void callsTheProgramInTheRowOfAProgArray() {
        BpfMap programs = object.map("programs");
        BpfProgram call = object.program("call");

        assertThat(call.run(Objects.PACKET).returned()).isEqualTo(-1);
        programs.setProgram(1, object.program("count"));
        assertThat(call.run(Objects.PACKET).returned()).isEqualTo(42);
        assertThat(programs.programId(1)).hasValue(object.program("count").info().id());
        assertThat(programs.programId(0)).isEmpty();
        Map<Integer, Integer> rows = new HashMap<>();
        programs.forEach((key, value) -> rows.put(key.getInt(0), value.getInt(0)));
        assertThat(rows).containsOnlyKeys(1);
        programs.clearRow(1);
        programs.clearRow(1);
        assertThat(call.run(Objects.PACKET).returned()).isEqualTo(-1);
    }

    @Test
    void sharesItsEntriesWithItsDuplicate() {
        try (BpfMap duplicate = object.map("array").duplicate()) {
            duplicate.put(u32(2), u64(5));

            assertThat(object.map("array").get(u32(2))).hasValue(u64(5));
        }
    }

    @Test
    void readsAKeyFromItsBeginningWhateverItsPosition() {
        ByteBuffer key = u32(2);
        key.getInt();
        object.map("array").put(key, u64(6));

        assertThat(object.map("array").get(u32(2))).hasValue(u64(6));
    }

    @Test
    void tellsWhatTheKernelHas() {
        MapInfo info = object.map("lpm").info();

        assertThat(info.name()).isEqualTo("lpm");
        assertThat(info.type()).isEqualTo(MapType.LPM_TRIE);
        assertThat(info.keySize()).isEqualTo(8);
        assertThat(info.maxEntries()).isEqualTo(4096);
        assertThat(info.flags()).isEqualTo(1);
        assertThat(object.map("lpm").spec().differenceFrom(info)).isEmpty();
    }
}
