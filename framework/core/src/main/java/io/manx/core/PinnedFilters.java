package io.manx.core;

import io.manx.libbpf.BpfProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Filters by clsact, which themselves have no pin: the pins of their programs. */
public final class PinnedFilters {
    /** As ID/links/3+eth0+ingress-clsact. */
    private static final int DEPTH = 3;

    private PinnedFilters() {}

    /**
     * The programs, by number, that Manxes of other state folders have on interfaces.
     *
     * @param pins of this state folder, beside those of the others
     * @throws io.manx.libbpf.BpfException a pin cannot be opened
     */
    public static Set<Integer> ofOthers(Path pins) throws IOException {
        if (!Files.isDirectory(pins.getParent())) {
            return Set.of();
        }
        try (Stream<Path> all = Files.walk(pins.getParent(), DEPTH)) {
            return all.filter(pin -> !pin.startsWith(pins) && pin.getFileName().toString().endsWith(LinkPin.CLSACT))
                    .map(PinnedFilters::programOf)
                    .collect(Collectors.toSet());
        }
    }

    private static int programOf(Path pin) {
        try (BpfProgram program = BpfProgram.open(pin)) {
            return program.info().id();
        }
    }
}
