package io.manx.core;

import io.manx.libbpf.Attachment;
import io.manx.libbpf.BpfMap;
import io.manx.libbpf.ProgramInfo;
import io.manx.libbpf.Tcx;
import io.manx.libbpf.Xdp;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The maps of the programs that packets go through, found by what is pinned: from each link to its entry program, to the
 * prog array that it calls into, to the programs in that array's rows. Filters by clsact are not pinned; where there are
 * no links every pinned array counts.
 */
final class MapsInForce {
    private final PinRoot pins;

    MapsInForce(PinRoot pins) {
        this.pins = pins;
    }

    /** The kernel's numbers of them. */
    Set<Integer> ids() {
        Set<Integer> ofEntries = new HashSet<>();
        List<LinkPin> links = LinkPin.in(pins.links());
        links.forEach(link -> ofEntries.addAll(mapsOf(entryOf(link))));
        Set<Integer> all = new HashSet<>(ofEntries);
        for (Hook hook : Hook.values()) {
            for (Path pin : pinsIn(pins.arrays(hook))) {
                try (BpfMap array = BpfMap.open(pin)) {
                    if (links.isEmpty() || ofEntries.contains(array.info().id())) {
                        all.addAll(mapsOf(array));
                    }
                }
            }
        }
        return all;
    }

    private static int entryOf(LinkPin pin) {
        try (Attachment link = pin.isAt(Place.XDP) ? Xdp.open(pin.path()) : Tcx.open(pin.path())) {
            return link.programId();
        }
    }

    private static Set<Integer> mapsOf(BpfMap array) {
        Set<Integer> all = new HashSet<>();
        for (int row = 0; row < array.capacity(); row++) {
            array.programId(row).ifPresent(program -> all.addAll(mapsOf(program)));
        }
        return all;
    }

    private static List<Integer> mapsOf(int program) {
        return ProgramInfo.byId(program).map(ProgramInfo::mapIds).orElse(List.of());
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
