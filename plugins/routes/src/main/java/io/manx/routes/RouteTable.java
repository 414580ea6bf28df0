package io.manx.routes;

import io.manx.api.layout.Addresses;
import io.manx.api.resource.Cidr;
import io.manx.api.stage.StageContext;
import io.manx.api.stage.StateMap;
import java.nio.ByteBuffer;
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

    /** What the map holds: reading 256,000 routes back takes seconds. Null when a write has failed. */
    private Map<Cidr, RouteEntry> held;

    private int leftOut;

    /** Takes over what the map holds. */
    RouteTable(StageContext context) {
        map = context.map(MAP);
        codec = new RouteCodec(map, context);
        held = read();
    }

    /**
     * Makes the table hold these entries and no others: first what is new or changed, then the deletions, unless there
     * is no room for that order. For one thread at a time.
     *
     * @return whether anything was different
     */
    boolean replaceWith(List<RouteEntry> wanted) {
        Map<Cidr, RouteEntry> before = held == null ? read() : held;
        Map<Cidr, RouteEntry> after = new LinkedHashMap<>();
        fitting(wanted).forEach(entry -> after.put(entry.destination(), entry));
        List<RouteEntry> changed = after.values().stream()
                .filter(entry -> !entry.equals(before.get(entry.destination())))
                .toList();
        List<RouteEntry> stale = before.values().stream()
                .filter(entry -> !after.containsKey(entry.destination()))
                .sorted(LONGEST_FIRST.reversed())
                .toList();
        held = null;
        if (after.size() + stale.size() > map.capacity()) {
            delete(stale);
            write(changed);
        } else {
            write(changed);
            delete(stale);
        }
        held = after;
        return !changed.isEmpty() || !stale.isEmpty();
    }

    private Map<Cidr, RouteEntry> read() {
        Map<Cidr, RouteEntry> entries = new HashMap<>();
        map.forEach((key, value) -> {
            RouteEntry entry = codec.entry(key, value);
            entries.put(entry.destination(), entry);
        });
        return entries;
    }

    private void write(List<RouteEntry> entries) {
        Map<ByteBuffer, ByteBuffer> encoded = new LinkedHashMap<>();
        entries.forEach(entry -> encoded.put(codec.key(entry), codec.value(entry)));
        map.putAll(encoded);
    }

    /** Shortest first: a packet meanwhile never follows a short prefix that a longer one was to keep it from. */
    private void delete(List<RouteEntry> entries) {
        entries.forEach(entry -> map.delete(codec.key(entry)));
    }

    /** In the order of addresses, IPv4 first. */
    List<RouteEntry> entries() {
        return read().values().stream().sorted(BY_ADDRESS).toList();
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
}
