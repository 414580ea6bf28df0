package io.manx.core;

import io.manx.libbpf.BpfMap;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.ArrayList;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is left of migrations that a killed process did not finish: maps pinned as NAME~next. Where packets go through
 * one of a bundle's, the bundle's new version is in force and these are its maps: they take the names. What changed in
 * the old ones between the last look at them and the switch is lost then; the digests that would tell it from what the
 * new version did since went with the process. Else packets go through the old maps, and the copies go.
 */
final class HalfCopies {
    /** No C name has it: a map may well be called {@code next}. */
    static final String SUFFIX = "~next";
    private static final Logger LOG = LoggerFactory.getLogger(HalfCopies.class);

    private HalfCopies() {}

    static void settle(PinRoot pins) {
        Map<String, List<Path>> byBundle = new LinkedHashMap<>();
        for (Path pin : MapsInForce.pinsIn(pins.maps())) {
            String name = pin.getFileName().toString();
            if (name.endsWith(SUFFIX)) {
                byBundle.computeIfAbsent(name.substring(0, name.indexOf('+')), bundle -> new ArrayList<>()).add(pin);
            }
        }
        if (!byBundle.isEmpty()) {
            Set<Integer> inForce = new MapsInForce(pins).ids();
            byBundle.values().forEach(copies -> settle(copies, inForce));
        }
    }

    private static void settle(List<Path> copies, Set<Integer> inForce) {
        boolean taken = copies.stream().anyMatch(pin -> inForce.contains(idOf(pin)));
        for (Path pin : copies) {
            String name = pin.getFileName().toString();
            if (taken) {
                LOG.info("{} is in force: an earlier run ended right after packets took it", pin);
                Migrations.rename(pin, pin.resolveSibling(name.substring(0, name.length() - SUFFIX.length())));
            } else {
                LOG.info("{} goes: an earlier run ended before packets took it", pin);
                MapStore.unpin(pin);
            }
        }
    }

    private static int idOf(Path pin) {
        try (BpfMap map = BpfMap.open(pin)) {
            return map.info().id();
        }
    }
}
