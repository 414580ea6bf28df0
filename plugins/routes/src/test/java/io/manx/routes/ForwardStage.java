package io.manx.routes;

import io.manx.testkit.NoteView;
import io.manx.testkit.Outcome;
import io.manx.testkit.PacketBuilder;
import io.manx.testkit.Packets;
import io.manx.testkit.StageHarness;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.function.Consumer;

/** forward.bpf.c in the kernel, and notes as the stages before it would write them. */
final class ForwardStage implements AutoCloseable {
    static final InetAddress CLIENT = Packets.address("198.51.100.7");
    static final InetAddress SERVER = Packets.address("192.0.2.80");
    static final InetAddress CLIENT6 = Packets.address("2001:db8:1::7");
    static final InetAddress SERVER6 = Packets.address("2001:db8:2::80");
    static final int EPOCH = 3;
    static final int UPLINK = 7;
    static final int MTU = 1500;
    static final int TTL_AT = 22;
    static final int HOP_LIMIT_AT = 21;

    /** The test run takes the loopback device, of zeros, as the packet's interface: other MACs are another host's. */
    private static final byte[] THIS_HOST = new byte[6];

    private static final byte[] SENDER = {2, 0, 0, 0, 0, 1};
    private static final int UDP = 17;

    final StageHarness harness;

    ForwardStage() {
        harness = StageHarness.of(Path.of("target/classes/META-INF/bpf/forward.bpf.o"));
    }

    ForwardStage load() {
        harness.load();
        return this;
    }

    static PacketBuilder packet4() {
        return Packets.udp(CLIENT, 5000, SERVER, 53).payload(64).ttl(64).macs(SENDER, THIS_HOST);
    }

    static PacketBuilder packet6() {
        return Packets.udp(CLIENT6, 5000, SERVER6, 53).payload(64).ttl(64).macs(SENDER, THIS_HOST);
    }

    /** An allowed packet in the first lane, with a route of this kind. */
    Outcome forward(byte[] packet, String kind) {
        return forward(packet, kind, note -> {});
    }

    Outcome forward(byte[] packet, String kind, Consumer<NoteView> before) {
        boolean v6 = packet[12] == (byte) 0x86;
        return harness.run(packet, note -> {
            note.set("version", v6 ? 6 : 4).set("protocol", UDP).set("epoch", EPOCH);
            note.set("l3_offset", 14).set("l4_offset", v6 ? 54 : 34);
            note.set("source", v6 ? CLIENT6 : CLIENT).set("destination", v6 ? SERVER6 : SERVER);
            note.set("source_port", 5000).set("destination_port", 53);
            note.set("route.kind", harness.constant(kind)).set("route.ifindex", UPLINK).set("route.mtu", MTU);
            before.accept(note);
        });
    }

    Consumer<NoteView> egress() {
        return note -> note.set("direction", harness.constant("DIRECTION_EGRESS"));
    }

    Consumer<NoteView> established() {
        return note -> note.set("lane", harness.constant("LANE_ESTABLISHED"));
    }

    /** To the server from an address that stands for it. */
    Consumer<NoteView> toBackend(InetAddress backend) {
        return note -> note.set("translate", harness.constant("TRANSLATE_DESTINATION")).set("new_addr", backend);
    }

    boolean judged(Outcome outcome) {
        return (outcome.mark() & harness.constant("MARK_MASK")) == harness.constant("MARK_JUDGED");
    }

    long flows() {
        return entries("manx_young4") + entries("manx_young6");
    }

    void macs(int ifindex, byte[] peer, byte[] own) {
        ByteBuffer key = harness.map(MacTable.MAP).key().allocate();
        ByteBuffer value = harness.map(MacTable.MAP).value().allocate();
        harness.map(MacTable.MAP).key().field("value").set(key, ifindex % harness.map(MacTable.MAP).capacity());
        harness.map(MacTable.MAP).value().field("ifindex").set(value, ifindex);
        harness.map(MacTable.MAP).value().field("peer").setBytes(value, peer);
        harness.map(MacTable.MAP).value().field("own").setBytes(value, own);
        harness.map(MacTable.MAP).put(key, value);
    }

    private long entries(String map) {
        long[] count = {0};
        harness.map(map).forEach((key, value) -> count[0]++);
        return count[0];
    }

    @Override
    public void close() {
        harness.close();
    }
}
