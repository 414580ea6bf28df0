package io.manx.core;

import io.manx.api.stage.MapMigration;
import io.manx.core.EntryConverter.Entry;
import io.manx.libbpf.BpfException;
import io.manx.libbpf.BpfMap;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Takes a map's entries over into a map of another layout while both may be written.
 *
 * <p>{@link #copy} reads everything once, in batches, into the new map, which nobody else uses yet, and remembers a digest
 * of each old entry and of each new value. {@link #catchUp} reads everything again and follows what differs from the
 * digests. It runs right before packets take the new version, so that little is left, and once more when none takes the
 * old one. The new version wins: an entry is only written or removed where the new map still holds what was copied.
 *
 * <pre>
 *   since the copy, the old map's entry     and the new map holds           then
 *   came                                    nothing under its key           it is added (BPF_NOEXIST)
 *   came                                    an entry of the new version's   that stays
 *   changed                                 what was copied                 it is written again (BPF_EXIST)
 *   changed                                 something else, or nothing      that stays
 *   went                                    what was copied                 it is removed
 *   went                                    something else, or nothing      that stays
 * </pre>
 *
 * What was added can't have been the new version's. Whether an entry is still as copied is looked at right before it is
 * written or removed: for the microseconds between, the kernel offers no way to make the two one. In array kinds every
 * row is there from the beginning, so that nothing comes or goes. A per-CPU entry is one, with the values of all CPUs. An
 * LRU map's order is not carried over, and what it evicts counts as gone.
 */
final class Migration {
    private static final int BATCH = 8192;
    private static final int E2BIG = 7;

    /**
     * What a catching-up did, in entries.
     *
     * @param kept the new version's own
     * @param noRoom could not be added, for the new map is full
     * @param failures of the bundle's migration; these entries stay as the new version has them
     */
    record CaughtUp(int added, int changed, int removed, int kept, int noRoom, List<RuntimeException> failures) {}

    private final String name;
    private final BpfMap old;
    private final BpfMap fresh;
    private final EntryConverter converter;
    private final Digest digest = new Digest();
    private final CopiedEntries copied = new CopiedEntries();
    private int beyond;

    /**
     * @param name for errors
     * @param fresh empty
     */
    Migration(String name, BpfMap old, BpfMap fresh, MapMigration how) {
        this.name = name;
        this.old = old;
        this.fresh = fresh;
        this.converter = new EntryConverter(name, old.spec(), fresh.spec(), how);
    }

    /**
     * @return how many entries
     * @throws IllegalArgumentException the bundle's migration failed, or there are more entries than there is room for
     */
    int copy() {
        List<Map.Entry<ByteBuffer, ByteBuffer>> batch = new ArrayList<>(BATCH);
        if (isState()) {
            old.forEach((key, value) -> copy(key, value, batch));
        }
        requireRoom();
        fresh.putAll(batch);
        return copied.size();
    }

    private void copy(ByteBuffer key, ByteBuffer value, List<Map.Entry<ByteBuffer, ByteBuffer>> batch) {
        Optional<Entry> entry = converter.convert(key, value);
        if (entry.isEmpty() || isNothingBeyondTheEnd(value, entry.get())) {
            return;
        }
        if (isArray() && isBeyondTheEnd(entry.get())) {
            beyond++;
            return;
        }
        remember(key, value, entry.get());
        if (copied.size() <= fresh.capacity()) {
            batch.add(Map.entry(entry.get().key(), entry.get().value()));
            if (batch.size() == BATCH) {
                fresh.putAll(batch);
                batch.clear();
            }
        }
    }

    private void requireRoom() {
        if (beyond > 0) {
            throw new IllegalArgumentException("map " + name + " holds " + beyond
                    + " rows that are not zero beyond the new version's last, row " + (fresh.capacity() - 1));
        }
        if (copied.size() > fresh.capacity()) {
            throw new IllegalArgumentException("map " + name + " holds " + copied.size()
                    + " entries, and the new version has room for " + fresh.capacity());
        }
    }

    /** A row of zeros that a smaller array has no more. One that is not zero is one too many: it makes the copy fail. */
    private boolean isNothingBeyondTheEnd(ByteBuffer value, Entry entry) {
        return isArray() && isBeyondTheEnd(entry) && isZero(value);
    }

    private boolean isArray() {
        return fresh.spec().type().array();
    }

    private boolean isBeyondTheEnd(Entry entry) {
        return Integer.compareUnsigned(entry.key().getInt(0), fresh.capacity()) >= 0;
    }

    private void remember(ByteBuffer key, ByteBuffer value, Entry entry) {
        copied.put(digest.of(entry.key()), digest.of(key, value), digest.of(entry.value()));
    }

    // ---- what changed since

    CaughtUp catchUp() {
        return new Pass().run();
    }

    /** Whether there is anything to copy: programs and events are no state. */
    private boolean isState() {
        return old.spec().type().state();
    }

    private final class Pass {
        private int added;
        private int changed;
        private int removed;
        private int kept;
        private int noRoom;
        private final List<RuntimeException> failures = new ArrayList<>();

        CaughtUp run() {
            copied.beginPass();
            if (isState()) {
                old.forEach(this::follow);
            }
            if (!copied.allSeen() && !isArray()) {
                removeGone();
            }
            return new CaughtUp(added, changed, removed, kept, noRoom, failures);
        }

        private void follow(ByteBuffer key, ByteBuffer value) {
            try {
                Optional<Entry> entry = converter.convert(key, value);
                if (entry.isPresent()) {
                    follow(key, value, entry.get());
                }
            } catch (IllegalArgumentException e) {
                failures.add(e);
            }
        }

        private void follow(ByteBuffer key, ByteBuffer value, Entry entry) {
            int at = copied.find(digest.of(entry.key()));
            if (at == CopiedEntries.NONE) {
                if (!isNothingBeyondTheEnd(value, entry)) {
                    add(key, value, entry);
                }
                return;
            }
            copied.see(at);
            if (copied.old(at) != digest.of(key, value)) {
                if (isAsCopied(at, entry.key()) && fresh.replace(entry.key(), entry.value())) {
                    remember(key, value, entry);
                    changed++;
                } else {
                    kept++;
                }
            }
        }

        private void add(ByteBuffer key, ByteBuffer value, Entry entry) {
            if (putNew(entry)) {
                remember(key, value, entry);
                added++;
            }
        }

        private boolean putNew(Entry entry) {
            try {
                boolean put = isArray() ? putIntoZeros(entry) : fresh.putNew(entry.key(), entry.value());
                kept += put ? 0 : 1;
                return put;
            } catch (BpfException e) {
                if (e.errno() != E2BIG) {
                    throw e;
                }
                noRoom++;
                return false;
            }
        }

        private void removeGone() {
            List<ByteBuffer> gone = new ArrayList<>();
            fresh.forEach((key, value) -> {
                int at = copied.find(digest.of(key));
                if (at != CopiedEntries.NONE && !copied.isSeen(at) && copied.value(at) == digest.of(value)) {
                    gone.add(key);
                }
            });
            for (ByteBuffer key : gone) {
                int at = copied.find(digest.of(key));
                if (isAsCopied(at, key) && fresh.delete(key)) {
                    copied.remove(at);
                    removed++;
                } else {
                    kept++;
                }
            }
        }
    }

    private boolean putIntoZeros(Entry entry) {
        return fresh.get(entry.key()).filter(Migration::isZero).isPresent() && fresh.replace(entry.key(), entry.value());
    }

    private boolean isAsCopied(int at, ByteBuffer key) {
        return fresh.get(key).filter(value -> copied.value(at) == digest.of(value)).isPresent();
    }

    private static boolean isZero(ByteBuffer bytes) {
        for (int at = 0; at < bytes.limit(); at++) {
            if (bytes.get(at) != 0) {
                return false;
            }
        }
        return true;
    }
}
