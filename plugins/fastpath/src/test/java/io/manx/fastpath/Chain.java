package io.manx.fastpath;

import io.manx.api.layout.Layout;
import io.manx.libbpf.BpfMap;
import io.manx.libbpf.BpfObject;
import io.manx.libbpf.Cpus;
import io.manx.libbpf.LoadOptions;
import io.manx.libbpf.MapSpec;
import io.manx.libbpf.ObjectSpec;
import io.manx.libbpf.TestRun;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The stages of a pipeline one behind the other, with tables of their own; with fastpath in front, or without. */
final class Chain implements AutoCloseable {
    static final int FASTPATH = 1;
    static final int PARSE = 2;
    static final int CONNTRACK = 3;
    static final int PICK = 4;
    static final int NAT = 5;
    static final int ROUTES = 6;
    static final int FORWARD = 7;
    /** Before parse, and does nothing unless it is told to. */
    static final int BETWEEN = 8;

    static final int IFINDEX = 5;

    private static final int ENTRY = 0;
    private static final int FIRST = 0;
    private static final int ESTABLISHED = 1;
    private static final int TRANSLATED = 2;
    /** As struct __sk_buff of bpf.h. */
    private static final int CONTEXT_BYTES = 192;

    private static final int CONTEXT_MARK = 8;
    /** As BPF_F_TEST_SKB_CHECKSUM_COMPLETE of bpf.h; since Linux 6.15. */
    private static final int CHECKSUM_COMPLETE = 1 << 2;

    private static final int CONTEXT_GSO_SEGS = 164;
    private static final int CONTEXT_GSO_SIZE = 176;
    /** Below that the test run takes no IPv6 packet, and no IPv4 one below its own header. */
    private static final int WHOLE_BYTES = 14 + 40;

    private static final int FEW = 1024;
    private static final int PER_CPU_ALIGNMENT = 8;

    private final List<BpfObject> objects = new ArrayList<>();
    private final Map<String, BpfMap> shared = new HashMap<>();
    private final Map<String, BpfObject> byName = new HashMap<>();
    private final boolean fast;
    private final boolean told;

    /** @param told with objects that tell where they redirect to, of the same source */
    Chain(boolean fast, boolean told) {
        this.fast = fast;
        this.told = told;
        load("conntrack", CONNTRACK);
        load("start", ENTRY);
        load("parse", PARSE);
        load("between", BETWEEN);
        load("pick", PICK);
        load("nat", NAT);
        load("routes", ROUTES);
        load(told ? "forward_told" : "forward", FORWARD);
        if (fast) {
            load(told ? "fastpath_told" : "fastpath", FASTPATH);
        }
        wire();
    }

    private void load(String name, int slot) {
        String file = "/META-INF/bpf/" + name + ".bpf.o";
        try (InputStream in = Chain.class.getResourceAsStream(file)) {
            ObjectSpec spec = ObjectSpec.parse(name, in.readAllBytes());
            LoadOptions options = new LoadOptions().setting("manx_slot", slot);
            spec.maps().forEach(map -> place(map, options));
            BpfObject object = spec.load(options);
            objects.add(object);
            byName.put(name.replace("_told", ""), object);
            spec.maps().forEach(map -> shared.putIfAbsent(map.name(), object.map(map.name())));
        } catch (IOException e) {
            throw new UncheckedIOException(file, e);
        }
    }

    private void place(MapSpec map, LoadOptions options) {
        boolean small = map.name().matches("manx_(flows|young)[46]|manx_drops");
        if (small) {
            options.maxEntries(map.name(), FEW);
        }
        if (map.name().startsWith("manx_") && shared.containsKey(map.name())) {
            options.reuse(map.name(), shared.get(map.name()));
        }
    }

    private void wire() {
        row(ENTRY, FIRST, fast ? "fastpath" : "between");
        row(FASTPATH, FIRST, "between");
        row(BETWEEN, FIRST, "parse");
        row(PARSE, FIRST, "conntrack");
        row(CONNTRACK, FIRST, "pick");
        row(CONNTRACK, ESTABLISHED, "forward");
        row(CONNTRACK, TRANSLATED, "nat");
        row(PICK, FIRST, "nat");
        row(NAT, FIRST, "routes");
        row(NAT, TRANSLATED, "forward");
        row(ROUTES, FIRST, "forward");
    }

    private void row(int slot, int lane, String stage) {
        int row = (int) ((slot * constant("LANES") + lane) * constant("PHASES"));
        map("manx_stages").setProgram(row, byName.get(stage).program("manx_" + stage));
    }

    boolean isFast() {
        return fast;
    }

    BpfMap map(String name) {
        return shared.get(name);
    }

    long constant(String name) {
        return byName.get("conntrack").spec().btf().constant(name).orElseThrow();
    }

    Layout struct(String name) {
        return byName.get("conntrack").spec().btf().struct(name);
    }

    void put(String map, String field, long value) {
        BpfMap of = map(map);
        ByteBuffer bytes = of.value().allocate();
        of.value().field(field).set(bytes, value);
        of.put(of.key().allocate(), bytes);
    }

    /** What came of a packet, beside what the tables say. @param ends packets, bytes, drops and their bytes by lane and slot */
    record Ran(int returned, byte[] packet, byte[] context, Map<String, List<Long>> ends, byte[] note, String told) {}

    Ran run(byte[] packet, Start start) {
        boolean cut = start.bytes() > 0;
        begin(start);
        if (told) {
            map("manx_told").put(map("manx_told").key().allocate(), map("manx_told").value().allocate());
        }
        Map<String, List<Long>> before = ends();
        byte[] whole = cut ? Arrays.copyOf(packet, Math.max(WHOLE_BYTES, packet.length)) : packet;
        TestRun run = byName.get("start").program("chain_entry").run(whole, 1, context(start), start.summed() ? CHECKSUM_COMPLETE : 0);
        if (map("chain_start").value().field("reached").get(value("chain_start")) != 1) {
            throw new IllegalStateException("the packet could not be given to the chain: " + start);
        }
        return new Ran(run.returned(), run.packet(), run.context(), since(before), note(), told ? told() : "");
    }

    private void begin(Start start) {
        Layout layout = map("chain_start").value();
        ByteBuffer value = layout.allocate();
        layout.field("direction").set(value, constant(start.egress() ? "DIRECTION_EGRESS" : "DIRECTION_INGRESS"));
        layout.field("ifindex").set(value, IFINDEX);
        layout.field("pkt_type").set(value, start.packetType());
        layout.field("vlan").set(value, start.vlan());
        layout.field("bytes").set(value, start.bytes());
        layout.field("verified").set(value, start.verified() ? 1 : 0);
        map("chain_start").put(map("chain_start").key().allocate(), value);
    }

    private static byte[] context(Start start) {
        return ByteBuffer.allocate(CONTEXT_BYTES)
                .order(ByteOrder.nativeOrder())
                .putInt(CONTEXT_MARK, start.mark())
                .putInt(CONTEXT_GSO_SIZE, start.gso())
                .putInt(CONTEXT_GSO_SEGS, start.gso() > 0 ? 2 : 0)
                .array();
    }

    private ByteBuffer value(String map) {
        return map(map).get(map(map).key().allocate()).orElseThrow();
    }

    private String told() {
        Layout layout = map("manx_told").value();
        ByteBuffer value = value("manx_told");
        StringBuilder out = new StringBuilder();
        layout.fields().stream()
                .filter(field -> !field.name().equals("hop"))
                .forEach(field -> out.append(field.name()).append('=').append(field.get(value)).append(' '));
        return out.toString();
    }

    private byte[] note() {
        ByteBuffer all = value("manx_notes");
        int size = struct("note").size();
        int stride = (int) constant("NOTE_STRIDE");
        byte[] note = new byte[size];
        long cpu = map("chain_start").value().field("cpu").get(value("chain_start"));
        all.get((int) cpu * stride, note);
        return note;
    }

    private Map<String, List<Long>> ends() {
        Map<String, List<Long>> ends = new TreeMap<>();
        ByteBuffer all = value("manx_ends");
        int size = map("manx_ends").value().size();
        int stride = (size + PER_CPU_ALIGNMENT - 1) / PER_CPU_ALIGNMENT * PER_CPU_ALIGNMENT;
        for (int lane = 0; lane < constant("LANES"); lane++) {
            for (int slot = 0; slot <= FORWARD; slot++) {
                Long[] sums = {0L, 0L, 0L, 0L};
                for (int cpu = 0; cpu < Cpus.possible(); cpu++) {
                    int at = stride * cpu + (int) ((lane * constant("SLOTS") + slot) * sums.length * Long.BYTES);
                    for (int i = 0; i < sums.length; i++) {
                        sums[i] += all.getLong(at + i * Long.BYTES);
                    }
                }
                ends.put("lane " + lane + " slot " + slot, List.of(sums));
            }
        }
        return ends;
    }

    private Map<String, List<Long>> since(Map<String, List<Long>> before) {
        Map<String, List<Long>> since = new TreeMap<>();
        ends().forEach((place, now) -> {
            List<Long> then = before.get(place);
            if (!now.equals(then)) {
                List<Long> more = new ArrayList<>();
                for (int i = 0; i < now.size(); i++) {
                    more.add(now.get(i) - then.get(i));
                }
                since.put(place, more);
            }
        });
        return since;
    }

    @Override
    public void close() {
        objects.forEach(BpfObject::close);
    }
}
