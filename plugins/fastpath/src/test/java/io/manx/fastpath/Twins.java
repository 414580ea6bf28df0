package io.manx.fastpath;

import io.manx.api.layout.Layout;
import io.manx.libbpf.BpfException;
import io.manx.libbpf.BpfMap;
import io.manx.testkit.OneCpu;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;

/** A chain with fastpath in front and one without: each packet takes both, and must leave both in the same state. */
final class Twins implements AutoCloseable {
    private static final int ANY_PREFIX = 128;
    private static final int INVALID = 22;
    private static final String EPOCH = "manx_epoch";

    private final OneCpu here = new OneCpu();
    private final Chain fast;
    private final Chain plain;
    private final List<Tables> tables;
    private final boolean told;
    private long epoch;

    Twins(boolean told) {
        this.told = told;
        fast = new Chain(true, told);
        plain = new Chain(false, told);
        tables = List.of(new Tables(fast), new Tables(plain));
        rejudge();
        configure(true, true);
    }

    interface Doing {
        void on(Chain chain);
    }

    void each(Doing doing) {
        doing.on(fast);
        doing.on(plain);
    }

    boolean told() {
        return told;
    }

    long constant(String name) {
        return plain.constant(name);
    }

    /** What conntrack's control would write. */
    void configure(boolean pickup, boolean windowChecks) {
        each(chain -> {
            BpfMap config = chain.map("conntrack_config");
            Layout layout = config.value();
            ByteBuffer value = layout.allocate();
            layout.fields().stream()
                    .filter(field -> field.name().startsWith("timeouts."))
                    .filter(field -> !field.name().endsWith("shortest"))
                    .forEach(field -> field.set(value, seconds(field.name().substring("timeouts.".length()))));
            layout.field("timeouts.shortest").set(value, seconds("icmp"));
            layout.field("pickup").set(value, pickup ? 1 : 0);
            layout.field("window_checks").set(value, windowChecks ? 1 : 0);
            config.put(config.key().allocate(), value);
        });
        awake(seconds("icmp"));
    }

    private long seconds(String timeout) {
        return constant("TIMEOUT_" + timeout.toUpperCase(Locale.ROOT)) * 1_000_000_000L;
    }

    void awake(long nanos) {
        each(chain -> chain.put("manx_awake", "value", nanos));
    }

    /** As after any change of the configuration. */
    void rejudge() {
        epoch++;
        each(chain -> chain.put(EPOCH, "value", epoch));
    }

    long epoch() {
        return epoch;
    }

    /** @param gateway null: the destination itself is the next hop */
    void route(InetAddress to, String kind, int ifindex, int mtu, InetAddress gateway) {
        each(chain -> {
            BpfMap fib = chain.map("manx_fib");
            ByteBuffer key = fib.key().allocate();
            ByteBuffer value = fib.value().allocate();
            fib.key().field("prefix_length").set(key, ANY_PREFIX);
            fib.key().field("addr").setAddress(key, to);
            fib.value().field("kind").set(value, constant(kind));
            fib.value().field("ifindex").set(value, ifindex);
            fib.value().field("mtu").set(value, mtu);
            if (gateway != null) {
                fib.value().field("gateway").setAddress(value, gateway);
            }
            fib.put(key, value);
        });
        rejudge();
    }

    void macs(int ifindex, byte[] peer, byte[] own) {
        each(chain -> {
            BpfMap map = chain.map("manx_workload_macs");
            ByteBuffer key = map.key().allocate();
            ByteBuffer value = map.value().allocate();
            map.key().field("value").set(key, ifindex % map.capacity());
            map.value().field("ifindex").set(value, ifindex);
            map.value().field("peer").setBytes(value, peer);
            map.value().field("own").setBytes(value, own);
            map.put(key, value);
        });
    }

    /** @param backendPort 0: the port stays */
    void serve(InetAddress frontend, int port, InetAddress backend, int backendPort) {
        each(chain -> {
            BpfMap map = chain.map("pick_backends");
            ByteBuffer key = map.key().allocate();
            ByteBuffer value = map.value().allocate();
            map.key().field("addr").setAddress(key, frontend);
            map.key().field("port").set(key, port);
            map.value().field("addr").setAddress(value, backend);
            map.value().field("port").set(value, backendPort);
            map.put(key, value);
        });
    }

    /** Changes all flows of both. */
    void change(Tables.Change change) {
        tables.forEach(each -> each.change(change));
    }

    void set(String member, long value) {
        change((key, flow) -> layout().field(member).set(flow, value));
    }

    Layout layout() {
        return tables.get(0).flow();
    }

    Tables fastTables() {
        return tables.get(0);
    }

    Chain fast() {
        return fast;
    }

    /** The young of both, once they are many. */
    void evictBeyond(int flows) {
        if (tables.get(0).size("manx_young4") + tables.get(0).size("manx_young6") > flows) {
            tables.forEach(Tables::evict);
        }
    }

    /** All flows of which one end has this port, of both. */
    void forget(int port) {
        tables.forEach(each -> each.forget(port));
    }

    /** Whether the kernel's test run can give a packet of which it holds a sum. */
    boolean canBeSummed(byte[] packet) {
        try {
            each(chain -> chain.run(packet, Start.bySummingDevice()));
            return true;
        } catch (BpfException e) {
            if (e.errno() == INVALID) {
                return false;
            }
            throw e;
        }
    }

    void clear() {
        tables.forEach(Tables::clear);
    }

    Step pass(String what, byte[] packet) {
        return pass(what, packet, Start.PLAIN);
    }

    /** @throws AssertionError the two chains differ, and in what */
    Step pass(String what, byte[] packet, Start start) {
        long now = System.nanoTime();
        tables.forEach(each -> each.age(now));
        return passAsItIs(what, packet, start);
    }

    /** As the other, without letting each flow's last packet be a second ago. */
    Step passAsItIs(String what, byte[] packet, Start start) {
        Chain.Ran expected = plain.run(packet, start);
        Chain.Ran ran = fast.run(packet, start);
        Step step = new Step(ran, expected);
        List<String> differences = new ArrayList<>(step.differences(plain.struct("note"), plain));
        if (!tables.get(1).state().equals(tables.get(0).state())) {
            compare(tables.get(1).lines(), tables.get(0).lines(), differences);
        }
        if (!differences.isEmpty()) {
            throw new AssertionError(what + ", " + start + ", packet " + HexFormat.of().formatHex(packet)
                    + ":\nwithout fastpath " + expected.ends() + ", with it " + ran.ends() + "\n"
                    + String.join("\n", differences));
        }
        return step;
    }

    private static void compare(Map<String, String> expected, Map<String, String> is, List<String> differences) {
        TreeSet<String> all = new TreeSet<>(expected.keySet());
        all.addAll(is.keySet());
        all.stream()
                .filter(line -> !String.valueOf(expected.get(line)).equals(is.get(line)))
                .forEach(line ->
                        differences.add(line + ": without fastpath " + expected.get(line) + ", with it " + is.get(line)));
    }

    /** What both made of a packet. */
    record Step(Chain.Ran ran, Chain.Ran expected) {
        /** Of the stages that are not there in one of them. */
        private List<Integer> end(Chain.Ran of) {
            String[] words = of.ends().keySet().iterator().next().split(" ");
            return List.of(Integer.parseInt(words[1]), Integer.parseInt(words[3]));
        }

        boolean ended() {
            return !ran.ends().isEmpty();
        }

        int slot() {
            return end(ran).get(1);
        }

        int lane() {
            return end(ran).get(0);
        }

        boolean byFastpath() {
            return ended() && slot() == Chain.FASTPATH;
        }

        /** Where it ended without fastpath. */
        int expectedSlot() {
            return end(expected).get(1);
        }

        List<String> differences(Layout note, Chain chain) {
            List<String> found = new ArrayList<>();
            differ("verdict", expected.returned(), ran.returned(), found);
            differ("packet", hex(expected.packet()), hex(ran.packet()), found);
            differ("context", hex(expected.context()), hex(ran.context()), found);
            differ("redirect", expected.told(), ran.told(), found);
            differ("ends", expected.ends().toString(), ends(), found);
            if (!byFastpath()) {
                notes(note, chain.constant("NOTE_MISSED"), found);
            }
            return found;
        }

        /** What fastpath ends, forward would have ended. */
        private String ends() {
            String place = " slot " + Chain.FASTPATH;
            return byFastpath() && (lane() == 1 || lane() == 2)
                    ? ran.ends().toString().replace(place, " slot " + Chain.FORWARD)
                    : ran.ends().toString();
        }

        private void notes(Layout note, long missed, List<String> found) {
            int flags = note.field("flags").offset();
            byte[] handed = ran.note().clone();
            handed[flags] &= (byte) ~missed;
            if (Arrays.equals(handed, expected.note())) {
                return;
            }
            ByteBuffer one = ByteBuffer.wrap(expected.note()).order(ByteOrder.nativeOrder());
            ByteBuffer other = ByteBuffer.wrap(handed).order(ByteOrder.nativeOrder());
            note.fields().stream()
                    .filter(field -> !Arrays.equals(field.bytes(one), field.bytes(other)))
                    .forEach(field -> differ("note." + field.name(), hex(field.bytes(one)), hex(field.bytes(other)), found));
        }

        private static void differ(String what, Object expected, Object is, List<String> found) {
            if (!expected.equals(is)) {
                found.add(what + ": without fastpath " + expected + "\n" + " ".repeat(what.length()) + "          with it " + is);
            }
        }

        private static String hex(byte[] bytes) {
            return HexFormat.of().formatHex(bytes);
        }
    }

    @Override
    public void close() {
        fast.close();
        plain.close();
        here.close();
    }
}
