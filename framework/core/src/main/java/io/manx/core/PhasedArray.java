package io.manx.core;

import io.manx.libbpf.BpfMap;
import io.manx.libbpf.BpfProgram;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A prog array each of whose rows is there twice, once a phase: row r of a phase is row 2 * r + phase of the map
 * (pipeline.h). Packets read the rows of the live phase; those of the other may be written one after the other. It
 * remembers what each holds, and writes only what differs.
 */
final class PhasedArray implements AutoCloseable {
    static final int PHASES = 2;

    private final BpfMap map;
    private final List<Map<Integer, BpfProgram>> held = List.of(new TreeMap<>(), new TreeMap<>());

    PhasedArray(BpfMap map) {
        this.map = map;
    }

    BpfMap map() {
        return map;
    }

    /** Packets that read the row see the program it had or this one, never none. */
    void put(int phase, int row, BpfProgram program) {
        if (held.get(phase).get(row) != program) {
            map.setProgram(row * PHASES + phase, program);
            held.get(phase).put(row, program);
        }
    }

    void putInBoth(int row, BpfProgram program) {
        for (int phase = 0; phase < PHASES; phase++) {
            put(phase, row, program);
        }
    }

    /** Makes a phase that no packet reads the same as the other one. */
    void align(int phase) {
        Map<Integer, BpfProgram> live = held.get(other(phase));
        live.forEach((row, program) -> put(phase, row, program));
        List.copyOf(held.get(phase).keySet()).stream()
                .filter(row -> !live.containsKey(row))
                .forEach(row -> clear(phase, row));
    }

    /** Empties a row of both phases: no packet comes there. */
    void clear(int row) {
        for (int phase = 0; phase < PHASES; phase++) {
            clear(phase, row);
        }
    }

    private void clear(int phase, int row) {
        map.clearRow(row * PHASES + phase);
        held.get(phase).remove(row);
    }

    /** Those that this process has filled. */
    Set<Integer> rows() {
        Set<Integer> rows = new TreeSet<>();
        held.forEach(phase -> rows.addAll(phase.keySet()));
        return rows;
    }

    static int other(int phase) {
        return PHASES - 1 - phase;
    }

    @Override
    public void close() {
        map.close();
    }
}
