package io.manx.core;

import io.manx.api.layout.Field;
import io.manx.api.stage.StateMap;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Packets dropped, by attach point, slot and reason, as manx_drops counts them. */
final class Drops {
    /** @param row of the attach point in manx_ends */
    record Count(int row, int slot, long reason, long packets, long bytes) {}

    private static final String PREFIX = "REASON_";
    private final StateMap map;
    private final Map<Long, String> names = new HashMap<>();
    private final long emptySlot;

    /** @param reasons enum reason by name */
    Drops(StateMap map, Map<String, Long> reasons) {
        this.map = map;
        reasons.forEach((name, value) -> names.put(value, display(name)));
        this.emptySlot = reasons.get("REASON_EMPTY_SLOT");
    }

    List<Count> all() {
        Field attach = map.key().field("attach");
        Field slot = map.key().field("slot");
        Field reason = map.key().field("reason");
        List<Count> counts = new ArrayList<>();
        map.forEach((key, value) -> counts.add(new Count(
                (int) attach.get(key), (int) slot.get(key), reason.get(key), sum(value, "packets"), sum(value, "bytes"))));
        return counts;
    }

    /** Packets lost because a slot held no program. */
    long emptySlots() {
        return all().stream()
                .filter(count -> count.reason() == emptySlot)
                .mapToLong(Count::packets)
                .sum();
    }

    /** @param own enum stage_reason of the stage that dropped, by name */
    String nameOf(long reason, Map<String, Long> own) {
        return own.entrySet().stream()
                .filter(entry -> entry.getValue() == reason)
                .findFirst()
                .map(entry -> display(entry.getKey()))
                .orElseGet(() -> names.getOrDefault(reason, Long.toString(reason)));
    }

    /** An attach point's row, or a slot, passes to another: what it counted goes. */
    void forget(java.util.function.Predicate<Count> which) {
        Field attach = map.key().field("attach");
        Field slot = map.key().field("slot");
        Field reason = map.key().field("reason");
        all().stream().filter(which).forEach(count -> {
            ByteBuffer key = map.key().allocate();
            attach.set(key, count.row());
            slot.set(key, count.slot());
            reason.set(key, count.reason());
            map.delete(key);
        });
    }

    private long sum(ByteBuffer values, String field) {
        int size = map.value().size();
        Field counted = map.value().field(field);
        long sum = 0;
        for (int at = 0; at + size <= values.capacity(); at += size) {
            sum += counted.get(values.slice(at, size));
        }
        return sum;
    }

    private static String display(String name) {
        return (name.startsWith(PREFIX) ? name.substring(PREFIX.length()) : name)
                .toLowerCase(Locale.ROOT)
                .replace('_', '-');
    }
}
