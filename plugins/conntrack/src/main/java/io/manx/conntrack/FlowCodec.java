package io.manx.conntrack;

import io.manx.api.layout.Addresses;
import io.manx.api.layout.Field;
import io.manx.api.layout.Layout;
import io.manx.api.stage.StageContext;
import io.manx.api.stage.StateMap;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the entries of one of the two flow tables: struct flow_key4 or flow_key6, and struct flow, of flow.h. */
final class FlowCodec {
    private static final int IPV4_BYTES = 4;

    private final Layout key;
    private final Field addrA;
    private final Field addrB;
    private final Field portA;
    private final Field portB;
    private final Field protocol;
    private final Field flags;
    private final Field saidByOriginator;
    private final Field saidByResponder;
    private final Field originatorIsB;
    private final Field translate;
    private final Field newAddr;
    private final Field newPort;
    private final Field last;
    private final Field begin;
    private final LegFields originator;
    private final LegFields responder;
    private final long toSource;
    private final long toDestination;
    private final long moved;
    private final StateOf state;

    FlowCodec(StateMap table, StageContext context) {
        key = table.key();
        addrA = key.field("addr_a");
        addrB = key.field("addr_b");
        portA = key.field("port_a");
        portB = key.field("port_b");
        protocol = key.field("protocol");
        Layout flow = table.value();
        flags = flow.field("flags");
        originatorIsB = flow.field("originator_is_b");
        translate = flow.field("translate");
        newAddr = flow.field("gateway[" + context.constant("LEG_RESPONDER") + "]");
        newPort = flow.field("new_port");
        last = flow.field("last_ns");
        begin = flow.field("begin_ns");
        originator = LegFields.of(flow, context.constant("LEG_ORIGINATOR"), context);
        responder = LegFields.of(flow, context.constant("LEG_RESPONDER"), context);
        toSource = context.constant("TRANSLATE_SOURCE");
        toDestination = context.constant("TRANSLATE_DESTINATION");
        saidByOriginator = flow.field("said[" + context.constant("LEG_ORIGINATOR") + "]");
        saidByResponder = flow.field("said[" + context.constant("LEG_RESPONDER") + "]");
        moved = context.constant("FLOW_MOVED");
        state = new StateOf(context);
    }

    /**
     * Whether it stands for a flow: not for one that is in the other table now, nor is it the entry that a translated flow's
     * replies find.
     */
    boolean isWhole(ByteBuffer flow) {
        return (flags.get(flow) & moved) == 0 && translate.get(flow) != toSource;
    }

    /** @param flow of the key, one that {@link #isWhole} */
    Flow read(ByteBuffer at, ByteBuffer flow) {
        Flow.End a = new Flow.End(address(addrA, at), (int) portA.get(at));
        Flow.End b = new Flow.End(address(addrB, at), (int) portB.get(at));
        boolean fromB = originatorIsB.get(flow) != 0;
        Flow.End to = fromB ? a : b;
        return new Flow(
                (int) protocol.get(at),
                fromB ? b : a,
                to,
                state.said(saidByOriginator.get(flow), saidByResponder.get(flow)),
                translate.get(flow) == toDestination ? Optional.of(backend(flow, to)) : Optional.empty(),
                originator.read(flow),
                responder.read(flow),
                begin.get(flow),
                last.get(flow));
    }

    /** A forward entry's new address is in the place of the gateway that its responder has none of: flow_new_addr() in flow_entry.h. */
    private Flow.End backend(ByteBuffer flow, Flow.End to) {
        int port = (int) newPort.get(flow);
        return new Flow.End(newAddr.address(flow), port == 0 ? to.port() : port);
    }

    /** A translated flow with the numbers of its reverse entry. */
    Flow withReverse(Flow forward, ByteBuffer reverse) {
        return forward.with(responder.read(reverse), last.get(reverse));
    }

    /** Whether the table is that of the flow's IP version. */
    boolean fits(Flow flow) {
        return (addrA.size() == IPV4_BYTES) == (flow.originator().address() instanceof Inet4Address);
    }

    /** Those under which its entries may be. */
    List<ByteBuffer> keys(Flow flow) {
        List<ByteBuffer> keys = new ArrayList<>(List.of(
                key(flow.protocol(), flow.originator(), flow.responder()),
                key(flow.protocol(), flow.responder(), flow.originator())));
        if (flow.backend().isPresent()) {
            keys.addAll(reverseKeys(flow));
        }
        return keys;
    }

    /**
     * The keys under one of which the replies of a translated flow find their entry. Which end is a is the order of the
     * stage's, see flow.h.
     */
    List<ByteBuffer> reverseKeys(Flow forward) {
        Flow.End client = forward.originator();
        Flow.End backend = forward.backend().orElseThrow();
        return List.of(key(forward.protocol(), client, backend), key(forward.protocol(), backend, client));
    }

    private ByteBuffer key(int number, Flow.End a, Flow.End b) {
        ByteBuffer at = key.allocate();
        setAddress(addrA, at, a.address());
        setAddress(addrB, at, b.address());
        portA.set(at, a.port());
        portB.set(at, b.port());
        protocol.set(at, number);
        return at;
    }

    /** 4 bytes in the one table's key, struct addr in the other's. */
    private static InetAddress address(Field field, ByteBuffer at) {
        try {
            return InetAddress.getByAddress(field.bytes(at));
        } catch (UnknownHostException e) {
            throw new IllegalStateException("flow key's " + field.name() + " is no address: " + field.size() + " bytes", e);
        }
    }

    private static void setAddress(Field field, ByteBuffer at, InetAddress address) {
        byte[] raw = address.getAddress();
        field.setBytes(at, raw.length == field.size() ? raw : Addresses.bytes(address));
    }

    /** What a leg has counted: by its own CPU, both numbers in one member, and the rest (enum flow_count). */
    private record LegFields(Field recent, Field packets, Field bytes, int bytesBits, int packetsBits) {
        static LegFields of(Layout flow, long leg, StageContext context) {
            return new LegFields(
                    flow.field("leg[" + leg + "].recent"),
                    flow.field("rest[" + leg + "].packets"),
                    flow.field("rest[" + leg + "].bytes"),
                    (int) context.constant("FLOW_COUNT_BYTES"),
                    (int) context.constant("FLOW_COUNT_PACKETS"));
        }

        Flow.Leg read(ByteBuffer flow) {
            long both = recent.get(flow);
            return new Flow.Leg(
                    packets.get(flow) + (both >>> bytesBits & (1L << packetsBits) - 1),
                    bytes.get(flow) + (both & (1L << bytesBits) - 1));
        }
    }
}
