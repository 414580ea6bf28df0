package io.manx.core;

import io.manx.libbpf.BpfMap;
import io.manx.libbpf.BpfProgram;
import io.manx.libbpf.MapSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/**
 * Where a hook's packets begin: the prog array that every entry program calls, with a row for each attach point, and the
 * phase that is live. It outlives the process, so that the next run changes all attach points by the same one write.
 */
final class Root implements AutoCloseable {
    private final PhasedArray rows;
    private final Phase phase;
    private final boolean earlier;

    private Root(BpfMap map, Phase phase, boolean earlier) {
        this.rows = new PhasedArray(map);
        this.phase = phase;
        this.earlier = earlier;
    }

    /** Takes over what an earlier run left pinned, or makes and pins one. */
    static Root open(Path pin, MapSpec spec, Phase phase) {
        if (Files.exists(pin)) {
            return new Root(BpfMap.open(pin), phase, true);
        }
        BpfMap map = BpfMap.create(spec);
        try {
            Files.createDirectories(pin.getParent());
            map.pin(pin);
            return new Root(map, phase, false);
        } catch (IOException e) {
            map.close();
            throw new UncheckedIOException("making " + pin.getParent() + " for the pin of the root array", e);
        } catch (RuntimeException e) {
            map.close();
            throw e;
        }
    }

    BpfMap map() {
        return rows.map();
    }

    Phase phase() {
        return phase;
    }

    /** Whether an earlier run's entries may be calling it. */
    boolean isEarlier() {
        return earlier;
    }

    /** What an attach point's packets are to call first, in the phase that no packet reads. */
    void prepare(int attachRow, BpfProgram first) {
        rows.put(phase.idle(), attachRow, first);
    }

    /** The same in both phases, for an attach point that no packet comes in by yet. */
    void begin(int attachRow, BpfProgram first) {
        rows.putInBoth(attachRow, first);
    }

    /** Makes the phase that no packet reads the same as the live one. */
    void align() {
        rows.align(phase.idle());
    }

    /** Empties the rows of attach points that are gone: their programs may be needed nowhere else. */
    void retain(Set<Integer> attachRows) {
        rows.rows().stream().filter(row -> !attachRows.contains(row)).forEach(rows::clear);
    }

    /** Empties what an earlier run has left in rows that this one has not written. */
    void clearUnknown() {
        Set<Integer> known = rows.rows();
        for (int row = 0; earlier && row < map().capacity() / PhasedArray.PHASES; row++) {
            if (!known.contains(row)) {
                rows.clear(row);
            }
        }
    }

    @Override
    public void close() {
        rows.close();
    }
}
