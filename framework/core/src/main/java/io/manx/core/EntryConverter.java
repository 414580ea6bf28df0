package io.manx.core;

import io.manx.api.stage.MapMigration;
import io.manx.libbpf.BpfMap;
import io.manx.libbpf.Cpus;
import io.manx.libbpf.MapSpec;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/** Entries of an old layout to entries of a new one; of a per-CPU map CPU by CPU. */
final class EntryConverter {
    record Entry(ByteBuffer key, ByteBuffer value) {}

    private final String map;
    private final MapSpec from;
    private final MapSpec to;
    private final int cpus;
    private final int room;
    private final MapMigration migration;

    /** @param map its name, for errors */
    EntryConverter(String map, MapSpec from, MapSpec to, MapMigration migration) {
        boolean perCpu = from.type().perCpu();
        this.map = map;
        this.from = from;
        this.to = to;
        this.cpus = perCpu ? Cpus.possible() : 1;
        this.room = perCpu ? BpfMap.perCpuBytes(to.valueSize()) : to.valueSize();
        this.migration = migration;
    }

    /**
     * @return empty: left out
     * @throws IllegalArgumentException the bundle's migration failed; the message says how
     */
    Optional<Entry> convert(ByteBuffer key, ByteBuffer value) {
        ByteBuffer newKey = buffer(to.keySize());
        ByteBuffer newValue = buffer(cpus * room);
        boolean kept = false;
        for (int cpu = 0; cpu < cpus; cpu++) {
            ByteBuffer old = part(value, cpu * (value.limit() / cpus), from.valueSize());
            kept |= convert(
                    part(key, 0, from.keySize()), old, part(newKey, 0, to.keySize()), part(newValue, cpu * room, to.valueSize()));
        }
        return kept ? Optional.of(new Entry(newKey, newValue)) : Optional.empty();
    }

    private boolean convert(ByteBuffer key, ByteBuffer value, ByteBuffer newKey, ByteBuffer newValue) {
        try {
            return migration.convert(key, value, newKey, newValue);
        } catch (RuntimeException | LinkageError e) {
            throw new IllegalArgumentException("map " + map + ": its migration failed: " + Failure.why(e), e);
        }
    }

    private static ByteBuffer buffer(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.nativeOrder());
    }

    private static ByteBuffer part(ByteBuffer all, int from, int bytes) {
        return all.slice(from, bytes).order(ByteOrder.nativeOrder());
    }
}
