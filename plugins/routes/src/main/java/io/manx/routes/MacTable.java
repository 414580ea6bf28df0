package io.manx.routes;

import io.manx.api.layout.Field;
import io.manx.api.network.Interface;
import io.manx.api.stage.StageContext;
import io.manx.api.stage.StateMap;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/** The map {@code manx_workload_macs} of macs.h: an array, whose row is an interface's index modulo its rows. */
final class MacTable {
    static final String MAP = "manx_workload_macs";

    private final StateMap map;
    private final Field row;
    private final Field ifindex;
    private final Field peer;
    private final Field own;

    MacTable(StageContext context) {
        map = context.map(MAP);
        row = map.key().field("value");
        ifindex = map.value().field("ifindex");
        peer = map.value().field("peer");
        own = map.value().field("own");
    }

    /**
     * Fills the rows of these interfaces and empties all others. Nothing is written for a row that is right already.
     *
     * @param peerMacs 6 bytes by the interface's name
     */
    void replaceWith(Collection<Interface> interfaces, Map<String, byte[]> peerMacs) {
        Map<ByteBuffer, ByteBuffer> wanted = new HashMap<>();
        for (Interface each : interfaces) {
            byte[] peerMac = peerMacs.get(each.name());
            if (peerMac != null && each.mac().length == own.size()) {
                wanted.put(key(each), value(each, peerMac));
            }
        }
        Map<ByteBuffer, ByteBuffer> changed = new HashMap<>();
        ByteBuffer nobody = map.value().allocate();
        map.forEach((key, held) -> {
            ByteBuffer value = wanted.getOrDefault(key, nobody);
            if (!value.equals(held)) {
                changed.put(key, value);
            }
        });
        map.putAll(changed);
    }

    private ByteBuffer key(Interface of) {
        ByteBuffer key = map.key().allocate();
        row.set(key, of.index() % map.capacity());
        return key;
    }

    private ByteBuffer value(Interface of, byte[] peerMac) {
        ByteBuffer value = map.value().allocate();
        ifindex.set(value, of.index());
        peer.setBytes(value, peerMac);
        own.setBytes(value, of.mac());
        return value;
    }
}
