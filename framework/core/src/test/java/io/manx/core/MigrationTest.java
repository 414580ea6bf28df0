package io.manx.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.manx.api.layout.Field;
import io.manx.api.layout.Layout;
import io.manx.api.stage.MapChange;
import io.manx.api.stage.MapMigration;
import io.manx.core.Migration.CaughtUp;
import io.manx.libbpf.BpfMap;
import io.manx.libbpf.Cpus;
import io.manx.libbpf.MapSpec;
import io.manx.libbpf.MapType;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Maps of every kind, copied while the test writes the old one and the new one as two versions of a stage would. */
class MigrationTest {
    private static final int ENTRIES = 512_000;
    private static final int NO_PREALLOC = 1;
    private static final Layout KEY =
            new Layout("key", 8, List.of(new Field("bits", "__u32", 0, 4), new Field("name", "__u32", 4, 4)));
    private static final Layout ROW = new Layout("__u32", 4, List.of(new Field("value", "__u32", 0, 4)));
    private static final Layout OLD = new Layout("old", 8, List.of(new Field("count", "__u64", 0, 8)));
    private static final Layout NEW =
            new Layout("new", 16, List.of(new Field("more", "__u64", 0, 8), new Field("count", "__u64", 8, 8)));

    private final List<BpfMap> maps = new ArrayList<>();
    private BpfMap old;
    private BpfMap fresh;

    @AfterEach
    void close() {
        maps.forEach(BpfMap::close);
    }

    @Test
    void refusesMoreEntriesThanTheNewMapHasRoomFor() {
        Migration migration = between(MapType.HASH, 64, 10);
        for (int name = 0; name < 11; name++) {
            old.put(key(name), value(old, name));
        }
        assertThatThrownBy(migration::copy)
                .hasMessage("map bundle/m holds 11 entries, and the new version has room for 10");
    }

    @Test
    void refusesRowsBeyondTheLastOfASmallerArray() {
        Migration migration = between(MapType.ARRAY, 8, 4);
        old.put(key(3), value(old, 33));
        old.put(key(4), value(old, 44));
        old.put(key(7), value(old, 77));
        assertThatThrownBy(migration::copy)
                .hasMessage("map bundle/m holds 2 rows that are not zero beyond the new version's last, row 3");

        old.put(key(4), value(old, 0));
        old.put(key(7), value(old, 0));
        Migration again = new Migration("bundle/m", old, fresh, byName());
        again.copy();
        assertThat(count(key(3))).isEqualTo(33);
    }

    @Test
    void saysHowTheBundlesMigrationFailed() {
        between(MapType.HASH, 8, 8);
        old.put(key(1), value(old, 1));
        Migration failing = new Migration("bundle/m", old, fresh, (oldKey, oldValue, newKey, newValue) -> {
            throw new IllegalStateException("no such epoch");
        });
        assertThatThrownBy(failing::copy).hasMessage("map bundle/m: its migration failed: no such epoch");
    }

    @Test
    void leavesOutWhatTheMigrationLeavesOut() {
        between(MapType.HASH, 8, 8);
        old.put(key(1), value(old, 1));
        old.put(key(2), value(old, 2));
        MapMigration byName = byName();
        Migration odd = new Migration("bundle/m", old, fresh, (oldKey, oldValue, newKey, newValue) ->
                oldValue.getLong(0) % 2 == 1 && byName.convert(oldKey, oldValue, newKey, newValue));
        assertThat(odd.copy()).isEqualTo(1);
        assertThat(names()).containsExactly(1);

        old.put(key(2), value(old, 3));
        old.put(key(1), value(old, 4));
        CaughtUp done = odd.catchUp();
        assertThat(List.of(done.added(), done.removed())).containsExactly(1, 1);
        assertThat(names()).containsExactly(2);
    }

    @ParameterizedTest
    @EnumSource(
            value = MapType.class,
            names = {"HASH", "LRU_HASH", "PERCPU_HASH", "LRU_PERCPU_HASH", "LPM_TRIE"})
    void followsTheOldVersionAndKeepsWhatTheNewOneHasDone(MapType type) {
        Migration migration = between(type, 2048, 4096);
        for (int name = 1; name <= 9; name++) {
            old.put(key(name), value(old, name));
        }
        assertThat(migration.copy()).isEqualTo(9);

        old.put(key(1), value(old, 100));
        old.put(key(2), value(old, 200));
        old.put(key(3), value(old, 300));
        old.delete(key(4));
        old.delete(key(5));
        old.put(key(10), value(old, 1000));
        old.put(key(11), value(old, 1100));
        fresh.put(key(2), value(fresh, 222));
        fresh.delete(key(3));
        fresh.put(key(5), value(fresh, 555));
        fresh.put(key(6), value(fresh, 666));
        fresh.delete(key(7));
        fresh.put(key(11), value(fresh, 1111));
        fresh.put(key(12), value(fresh, 1212));

        CaughtUp done = migration.catchUp();

        assertThat(List.of(done.added(), done.changed(), done.removed(), done.kept())).containsExactly(1, 1, 1, 3);
        Map<Integer, Long> expected = new HashMap<>(Map.of(
                1, 100L, 2, 222L, 5, 555L, 6, 666L, 8, 8L, 9, 9L, 10, 1000L, 11, 1111L, 12, 1212L));
        assertThat(counts()).isEqualTo(expected);

        old.put(key(1), value(old, 101));
        old.put(key(4), value(old, 400));
        migration.catchUp();
        expected.putAll(Map.of(1, 101L, 4, 400L));
        assertThat(counts()).isEqualTo(expected);
    }

    @ParameterizedTest
    @EnumSource(
            value = MapType.class,
            names = {"ARRAY", "PERCPU_ARRAY"})
    void followsTheRowsOfAnArray(MapType type) {
        Migration migration = between(type, 4, 8);
        for (int row = 0; row < 4; row++) {
            old.put(key(row), value(old, 10 + row));
        }
        migration.copy();

        old.put(key(1), value(old, 100));
        old.put(key(2), value(old, 200));
        old.put(key(3), value(old, 0));
        fresh.put(key(2), value(fresh, 222));
        fresh.put(key(7), value(fresh, 777));
        CaughtUp done = migration.catchUp();

        assertThat(List.of(done.changed(), done.kept())).containsExactly(2, 1);
        assertThat(List.of(0, 1, 2, 3, 7)).extracting(row -> count(key(row))).containsExactly(10L, 100L, 222L, 0L, 777L);
    }

    @Test
    void convertsTheValueOfEachCpu() {
        Migration migration = between(MapType.PERCPU_HASH, 8, 8);
        ByteBuffer values = ByteBuffer.allocate(old.valueBytes()).order(ByteOrder.nativeOrder());
        for (int cpu = 0; cpu < Cpus.possible(); cpu++) {
            values.putLong(cpu * 8, 5 + cpu);
        }
        old.put(key(1), values);
        migration.copy();

        ByteBuffer now = fresh.get(key(1)).orElseThrow();
        for (int cpu = 0; cpu < Cpus.possible(); cpu++) {
            assertThat(now.getLong(cpu * 16)).isZero();
            assertThat(now.getLong(cpu * 16 + 8)).isEqualTo(5 + cpu);
        }
    }

    @Test
    void saysWhatCameSinceAndHasNoRoom() {
        Migration migration = between(MapType.HASH, 8, 2);
        old.put(key(1), value(old, 1));
        old.put(key(2), value(old, 2));
        migration.copy();
        old.put(key(3), value(old, 3));

        assertThat(migration.catchUp().noRoom()).isEqualTo(1);
        assertThat(names()).containsExactly(1, 2);
    }

    @Test
    void takesHalfAMillionEntriesOver() {
        Migration migration = between(MapType.HASH, ENTRIES + 1000, ENTRIES + 1000);
        for (int from = 0; from < ENTRIES; from += 64_000) {
            Map<ByteBuffer, ByteBuffer> some = new HashMap<>();
            for (int name = from; name < from + 64_000; name++) {
                some.put(key(name), value(old, name));
            }
            old.putAll(some);
        }
        ThreadMXBean thread = ManagementFactory.getThreadMXBean();
        long used = thread.getCurrentThreadCpuTime();
        long begin = System.nanoTime();
        assertThat(migration.copy()).isEqualTo(ENTRIES);
        long copied = System.nanoTime();
        used = thread.getCurrentThreadCpuTime() - used;
        for (int name = ENTRIES; name < ENTRIES + 1000; name++) {
            old.put(key(name), value(old, name));
            old.put(key(name - 1000), value(old, -name));
        }
        long changed = System.nanoTime();
        CaughtUp done = migration.catchUp();
        long end = System.nanoTime();

        System.out.printf("%d entries migrated in %d ms (%d ms on a CPU), 2000 changes among them followed in %d ms%n",
                ENTRIES, (copied - begin) / 1_000_000, used / 1_000_000, (end - changed) / 1_000_000);
        assertThat(List.of(done.added(), done.changed(), done.removed())).containsExactly(1000, 1000, 0);
        int[] wrong = new int[1];
        int[] all = new int[1];
        fresh.forEach((key, value) -> {
            long expected = old.get(key).orElseThrow().getLong(0);
            all[0]++;
            wrong[0] += value.getLong(8) == expected ? 0 : 1;
        });
        assertThat(List.of(all[0], wrong[0])).containsExactly(ENTRIES + 1000, 0);
    }

    // ---- maps

    private Migration between(MapType type, int before, int after) {
        old = map(type, OLD, before);
        fresh = map(type, NEW, after);
        return new Migration("bundle/m", old, fresh, byName());
    }

    private MapMigration byName() {
        Layout key = old.spec().keyLayout();
        return MapMigration.byName(new MapChange(
                "m",
                new MapChange.Shape(key, OLD, old.capacity()),
                new MapChange.Shape(key, NEW, fresh.capacity())));
    }

    private BpfMap map(MapType type, Layout value, int entries) {
        Layout key = type.array() ? ROW : KEY;
        int flags = type == MapType.LPM_TRIE ? NO_PREALLOC : 0;
        BpfMap map = BpfMap.create(new MapSpec("m", type, key.size(), value.size(), entries, flags, key, value));
        maps.add(map);
        return map;
    }

    /** An LPM trie's key begins with the length of the prefix, here the whole name. */
    private ByteBuffer key(int name) {
        ByteBuffer key = old.spec().keyLayout().allocate();
        if (!old.spec().type().array()) {
            KEY.field("bits").set(key, 32);
        }
        return key.putInt(key.limit() - 4, name);
    }

    private static ByteBuffer value(BpfMap map, long count) {
        ByteBuffer value = ByteBuffer.allocate(map.valueBytes()).order(ByteOrder.nativeOrder());
        map.value().field("count").set(value, count);
        return value;
    }

    private long count(ByteBuffer key) {
        return NEW.field("count").get(fresh.get(key).orElseThrow());
    }

    private Map<Integer, Long> counts() {
        Map<Integer, Long> counts = new HashMap<>();
        fresh.forEach((key, value) -> counts.put(key.getInt(4), NEW.field("count").get(value)));
        return counts;
    }

    private List<Integer> names() {
        return counts().keySet().stream().sorted().toList();
    }
}
