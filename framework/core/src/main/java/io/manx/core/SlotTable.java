package io.manx.core;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;

/**
 * Which slot each stage owns. A name keeps its slot as long as it can, also across restarts, so that what is counted
 * under a slot stays the stage's. Only when no slot was never used is one of a stage that is gone given away.
 */
final class SlotTable {
    private final Path file;
    private final int first;
    private final int last;
    private final Map<String, Integer> slots = new LinkedHashMap<>();

    /** @param last inclusive */
    SlotTable(Path file, int first, int last) {
        this.file = file;
        this.first = first;
        this.last = last;
        if (Files.exists(file)) {
            read();
        }
    }

    /** @param inUse names whose slots must not be given away */
    int slotOf(String stage, Set<String> inUse) {
        Integer slot = slots.get(stage);
        if (slot == null) {
            slot = free(inUse);
            slots.put(stage, slot);
            write();
        }
        return slot;
    }

    Optional<String> stageOf(int slot) {
        return slots.entrySet().stream()
                .filter(entry -> entry.getValue() == slot)
                .map(Map.Entry::getKey)
                .findFirst();
    }

    private int free(Set<String> inUse) {
        for (int slot = first; slot <= last; slot++) {
            if (!slots.containsValue(slot)) {
                return slot;
            }
        }
        String gone = slots.keySet().stream()
                .filter(name -> !inUse.contains(name))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("every slot from " + first + " to " + last + " is in use"));
        return slots.remove(gone);
    }

    private void read() {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        } catch (IOException e) {
            throw new UncheckedIOException("reading the slots of an earlier run from " + file, e);
        }
        properties.forEach((name, slot) -> slots.put((String) name, Integer.valueOf((String) slot)));
    }

    private void write() {
        Properties properties = new Properties();
        slots.forEach((name, slot) -> properties.setProperty(name, slot.toString()));
        Path next = file.resolveSibling(file.getFileName() + ".next");
        try {
            Files.createDirectories(file.getParent());
            try (Writer writer = Files.newBufferedWriter(next)) {
                properties.store(writer, "slots of the pipeline's stages");
            }
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException("writing the slots to " + file, e);
        }
    }
}
