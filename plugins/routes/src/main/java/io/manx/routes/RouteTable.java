package io.manx.routes;

import io.manx.api.layout.Addresses;
import io.manx.api.stage.StageContext;
import io.manx.api.stage.StateMap;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The map {@code manx_fib}. Packets look routes up in it while it is changed.
 *
 * <p>When it is too small, the longest prefixes are kept: a packet that no kept prefix covers is left to the kernel's
 * stack, while without a long one it would follow a shorter one the wrong way.
 */
final class RouteTable {
    static final String MAP = "manx_fib";
    private static final Logger LOG = LoggerFactory.getLogger(RouteTable.class);

    private static final Comparator<RouteEntry> LONGEST_FIRST =
            Comparator.comparingInt(RouteEntry::prefixLength).reversed();
    private static final Comparator<RouteEntry> BY_ADDRESS = Comparator.<RouteEntry>comparingInt(
                    entry -> entry.destination().address().getAddress().length)
            .thenComparing(entry -> Addresses.bytes(entry.destination().address()), Arrays::compareUnsigned)
            .thenComparing(RouteEntry::prefixLength);

    private final StateMap map;
    private final RouteCodec codec;
    private int leftOut;

    RouteTable(StageContext context) {
        map = context.map(MAP);
        codec = new RouteCodec(map, context);
    }

    /**
     * Makes the table hold these entries and no others: first what is new or changed, then the deletions, unless there
     * is no room for that order.
     *
     * @return whether anything was different
     */
    boolean replaceWith(List<RouteEntry> wanted) {
        Map<ByteBuffer, ByteBuffer> stale = new HashMap<>();
        map.forEach(stale::put);
        int room = map.capacity() - stale.size();
        Map<ByteBuffer, ByteBuffer> changed = new LinkedHashMap<>();
        int added = 0;
        for (RouteEntry entry : fitting(wanted)) {
            ByteBuffer key = codec.key(entry);
            ByteBuffer value = codec.value(entry);
            ByteBuffer held = stale.remove(key);
            if (!value.equals(held)) {
                changed.put(key, value);
                added += held == null ? 1 : 0;
            }
        }
        List<ByteBuffer> deletions = shortestFirst(stale);
        if (added > room) {
            deletions.forEach(map::delete);
            map.putAll(changed);
        } else {
            map.putAll(changed);
            deletions.forEach(map::delete);
        }
        return !changed.isEmpty() || !deletions.isEmpty();
    }

    /** In the order of addresses, IPv4 first. */
    List<RouteEntry> entries() {
        List<RouteEntry> entries = new ArrayList<>();
        map.forEach((key, value) -> entries.add(codec.entry(key, value)));
        entries.sort(BY_ADDRESS);
        return entries;
    }

    private List<RouteEntry> fitting(List<RouteEntry> wanted) {
        List<RouteEntry> sorted = wanted.stream().sorted(LONGEST_FIRST).toList();
        int excess = Math.max(0, sorted.size() - map.capacity());
        if (excess > 0 && leftOut == 0) {
            LOG.warn(
                    "the kernel has {} routes and the route table holds {}: packets for the shortest {} prefixes are"
                            + " forwarded by the kernel's stack, which is slower",
                    sorted.size(),
                    map.capacity(),
                    excess);
        }
        leftOut = excess;
        return sorted.subList(0, sorted.size() - excess);
    }

    /** So that a packet meanwhile never follows a short prefix that a longer one was to keep it from. */
    private List<ByteBuffer> shortestFirst(Map<ByteBuffer, ByteBuffer> entries) {
        return entries.keySet().stream()
                .sorted(Comparator.comparingInt(codec::prefixLength))
                .toList();
    }
}
