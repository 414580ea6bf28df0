package io.manx.fastpath;

import io.manx.api.layout.Field;
import io.manx.api.layout.Layout;
import io.manx.libbpf.BpfMap;
import io.manx.libbpf.Cpus;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** What a chain has written down: flows, drops and conntrack's counts, all but its clocks and which CPU counts. */
final class Tables {
    static final String[] FLOWS = {"manx_flows4", "manx_flows6", "manx_young4", "manx_young6"};

    private static final int LEGS = 2;
    private static final long LONG_AGO_NANOS = 1_000_000_000;

    private final Chain chain;
    private final Layout flow;
    private final long countBytes;
    private final long countPackets;
    private long before;

    Tables(Chain chain) {
        this.chain = chain;
        this.flow = chain.map(FLOWS[0]).value();
        this.countBytes = chain.constant("FLOW_COUNT_BYTES");
        this.countPackets = chain.constant("FLOW_COUNT_PACKETS");
    }

    Layout flow() {
        return flow;
    }

    /** Every flow's last packet was a second or two ago: so the next one shows. @param now as the monotonic clock */
    void age(long now) {
        Field last = flow.field("last_ns");
        if (now - before > 2 * LONG_AGO_NANOS) {
            before = now - LONG_AGO_NANOS;
        }
        for (String name : FLOWS) {
            change(name, value -> last.get(value) != before, (key, value) -> last.set(value, before));
        }
    }

    /** Young flows, all of them: as if they had been evicted. */
    void evict() {
        clear("manx_young4");
        clear("manx_young6");
    }

    int size(String table) {
        int[] size = {0};
        chain.map(table).forEach((key, value) -> size[0]++);
        return size[0];
    }

    /** What a flow has become. */
    interface Change {
        void apply(ByteBuffer key, ByteBuffer flow);
    }

    void change(Change change) {
        for (String name : FLOWS) {
            change(name, value -> true, change);
        }
    }

    private void change(String table, Predicate<ByteBuffer> which, Change change) {
        BpfMap map = chain.map(table);
        Map<ByteBuffer, ByteBuffer> changed = new TreeMap<>();
        map.forEach((key, value) -> {
            if (which.test(value)) {
                changed.put(copy(key), copy(value));
            }
        });
        changed.forEach((key, value) -> {
            change.apply(key, value);
            map.put(key, value);
        });
    }

    void clear() {
        for (String name : FLOWS) {
            clear(name);
        }
    }

    private void clear(String table) {
        delete(table, key -> true);
    }

    /** All flows of which one end has this port. */
    void forget(int port) {
        for (String name : FLOWS) {
            Layout layout = chain.map(name).key();
            delete(name, key -> layout.field("port_a").get(key) == port || layout.field("port_b").get(key) == port);
        }
    }

    private void delete(String table, Predicate<ByteBuffer> which) {
        List<ByteBuffer> keys = new ArrayList<>();
        chain.map(table).forEach((key, value) -> {
            if (which.test(key)) {
                keys.add(copy(key));
            }
        });
        keys.forEach(chain.map(table)::delete);
    }

    private static ByteBuffer copy(ByteBuffer from) {
        return ByteBuffer.wrap(bytes(from)).order(ByteOrder.nativeOrder());
    }

    /** As lines(), to compare: of each flow its bytes. */
    Map<String, ByteBuffer> state() {
        Map<String, ByteBuffer> state = new HashMap<>();
        for (String name : FLOWS) {
            chain.map(name).forEach((key, value) -> state.put(name + HexFormat.of().formatHex(bytes(key)), normal(value)));
        }
        Map<String, String> counts = new TreeMap<>();
        counts("manx_drops", counts);
        counts("conntrack_counts", counts);
        state.put("counts", ByteBuffer.wrap(counts.toString().getBytes(StandardCharsets.UTF_8)));
        return state;
    }

    /** With in place of the clocks whether the flow has been touched, and in place of either part of a count their sum. */
    private ByteBuffer normal(ByteBuffer from) {
        ByteBuffer value = copy(from);
        Field last = flow.field("last_ns");
        last.set(value, last.get(value) == before ? 0 : 1);
        flow.field("begin_ns").set(value, 0);
        for (int leg = 0; leg < LEGS; leg++) {
            Field packets = flow.field("rest[" + leg + "].packets");
            Field bytes = flow.field("rest[" + leg + "].bytes");
            packets.set(value, packets(from, leg));
            bytes.set(value, bytes(from, leg));
            flow.field("leg[" + leg + "].recent").set(value, 0);
        }
        return value;
    }

    private long packets(ByteBuffer value, int leg) {
        long recent = flow.field("leg[" + leg + "].recent").get(value);
        return (recent >>> countBytes & (1L << countPackets) - 1)
                + flow.field("rest[" + leg + "].packets").get(value);
    }

    private long bytes(ByteBuffer value, int leg) {
        return (flow.field("leg[" + leg + "].recent").get(value) & (1L << countBytes) - 1)
                + flow.field("rest[" + leg + "].bytes").get(value);
    }

    /** A line for each member of each flow, for each count of drops and of conntrack's. */
    Map<String, String> lines() {
        Map<String, String> lines = new TreeMap<>();
        for (String name : FLOWS) {
            chain.map(name).forEach((key, value) -> flow(name + " " + HexFormat.of().formatHex(bytes(key)), value, lines));
        }
        counts("manx_drops", lines);
        counts("conntrack_counts", lines);
        return lines;
    }

    private void flow(String which, ByteBuffer value, Map<String, String> lines) {
        flow.fields().stream().filter(Tables::isCompared).forEach(field -> lines.put(
                which + " " + field.name(), Long.toHexString(field.get(value))));
        lines.put(which + " touched", Boolean.toString(flow.field("last_ns").get(value) != before));
        for (int leg = 0; leg < LEGS; leg++) {
            lines.put(which + " packets[" + leg + "]", Long.toString(packets(value, leg)));
            lines.put(which + " bytes[" + leg + "]", Long.toString(bytes(value, leg)));
        }
    }

    /** Integers, but clocks and what is read as counts. */
    private static boolean isCompared(Field field) {
        return (field.size() & field.size() - 1) == 0
                && field.size() <= Long.BYTES
                && !field.name().endsWith("_ns")
                && !field.name().endsWith("recent")
                && !field.name().startsWith("rest")
                && !field.type().startsWith("struct");
    }

    private void counts(String name, Map<String, String> lines) {
        chain.map(name).forEach((key, all) -> {
            StringBuilder sums = new StringBuilder();
            int words = chain.map(name).value().size() / Long.BYTES;
            for (int word = 0; word < words; word++) {
                long sum = 0;
                for (int cpu = 0; cpu < Cpus.possible(); cpu++) {
                    sum += all.getLong((cpu * words + word) * Long.BYTES);
                }
                sums.append(sum).append(' ');
            }
            lines.put(name + " " + HexFormat.of().formatHex(bytes(key)), sums.toString());
        });
    }

    private static byte[] bytes(ByteBuffer from) {
        byte[] bytes = new byte[from.limit()];
        from.get(0, bytes);
        return bytes;
    }

    /** Flows that a packet can find. */
    void eachFlow(Consumer<ByteBuffer> visitor) {
        for (String name : FLOWS) {
            chain.map(name).forEach((key, value) -> visitor.accept(value));
        }
    }
}
