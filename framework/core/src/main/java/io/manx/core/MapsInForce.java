package io.manx.core;

import io.manx.libbpf.BpfMap;
import io.manx.libbpf.ProgramInfo;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The maps of the programs that packets go through, found by what is pinned: from each attach point's row of the root
 * array, in the phase that is live, to its first stage, to the prog array that it calls into, to the programs in that
 * array's rows.
 */
final class MapsInForce {
    private final PinRoot pins;

    MapsInForce(PinRoot pins) {
        this.pins = pins;
    }

    /** The kernel's numbers of them. */
    Set<Integer> ids() {
        Set<Integer> all = new HashSet<>();
        for (Hook hook : Hook.values()) {
            if (Files.exists(pins.root(hook))) {
                all.addAll(ids(hook));
            }
        }
        return all;
    }

    private Set<Integer> ids(Hook hook) {
        int phase = phase();
        Set<Integer> all = new HashSet<>();
        try (BpfMap root = BpfMap.open(pins.root(hook))) {
            LinkPin.in(pins.links()).stream()
                    .filter(pin -> Place.of(hook).stream().anyMatch(pin::isAt))
                    .forEach(pin -> all.addAll(mapsOf(root, pin.row(), phase)));
        }
        for (Path pin : pinsIn(pins.arrays(hook))) {
            try (BpfMap array = BpfMap.open(pin)) {
                if (all.contains(array.info().id())) {
                    for (int row = 0; row < array.capacity() / PhasedArray.PHASES; row++) {
                        all.addAll(mapsOf(array, row, phase));
                    }
                }
            }
        }
        return all;
    }

    private int phase() {
        try (BpfMap phase = BpfMap.open(pins.maps().resolve(Phase.MAP))) {
            return Phase.read(phase);
        }
    }

    private static List<Integer> mapsOf(BpfMap array, int row, int phase) {
        return array.programId(row * PhasedArray.PHASES + phase).stream()
                .boxed()
                .flatMap(program -> ProgramInfo.byId(program).stream())
                .flatMap(program -> program.mapIds().stream())
                .toList();
    }

    static List<Path> pinsIn(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> found = Files.list(folder)) {
            return found.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException("listing the pins in " + folder, e);
        }
    }
}
