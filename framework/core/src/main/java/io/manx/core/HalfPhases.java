package io.manx.core;

import io.manx.libbpf.BpfMap;
import io.manx.libbpf.BpfProgram;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * What a process that was killed in the middle of a change has left in the phase that no packet reads: a flip would make it
 * the live one. The two phases of all pinned prog arrays are made equal, as every change that ends leaves them.
 */
final class HalfPhases {
    private final int live;

    private HalfPhases(int live) {
        this.live = live;
    }

    static void settle(PinRoot pins) {
        Path pin = pins.maps().resolve(Phase.MAP);
        if (!Files.exists(pin)) {
            return;
        }
        HalfPhases phases;
        try (BpfMap phase = BpfMap.open(pin)) {
            phases = new HalfPhases(Phase.read(phase));
        }
        for (Hook hook : Hook.values()) {
            if (Files.exists(pins.root(hook))) {
                try (BpfMap root = BpfMap.open(pins.root(hook))) {
                    LinkPin.in(pins.links()).stream()
                            .filter(link -> Place.of(hook).stream().anyMatch(link::isAt))
                            .forEach(link -> phases.settle(root, link.row()));
                }
            }
            for (Path array : MapsInForce.pinsIn(pins.arrays(hook))) {
                try (BpfMap map = BpfMap.open(array)) {
                    IntStream.range(0, map.capacity() / PhasedArray.PHASES).forEach(row -> phases.settle(map, row));
                }
            }
        }
    }

    private void settle(BpfMap array, int row) {
        OptionalInt inForce = array.programId(row * PhasedArray.PHASES + live);
        int idle = row * PhasedArray.PHASES + PhasedArray.other(live);
        if (array.programId(idle).equals(inForce)) {
            return;
        }
        if (inForce.isEmpty()) {
            array.clearRow(idle);
        } else {
            try (BpfProgram program = BpfProgram.byId(inForce.getAsInt()).orElseThrow()) {
                array.setProgram(idle, program);
            }
        }
    }
}
