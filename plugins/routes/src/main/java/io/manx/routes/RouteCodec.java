package io.manx.routes;

import io.manx.api.layout.Field;
import io.manx.api.layout.Layout;
import io.manx.api.resource.Cidr;
import io.manx.api.stage.StageContext;
import io.manx.api.stage.StateMap;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/** Entries as {@code struct route_key} of routes.h and {@code struct route} of note.h. */
final class RouteCodec {
    private static final int ADDRESS_BITS = 128;

    private final Layout key;
    private final Field prefixLength;
    private final Field address;
    private final Layout value;
    private final Field gateway;
    private final Field ifindex;
    private final Field mtu;
    private final Field kind;
    private final Map<RouteKind, Long> kinds = new EnumMap<>(RouteKind.class);

    RouteCodec(StateMap map, StageContext context) {
        key = map.key();
        prefixLength = key.field("prefix_length");
        address = key.field("addr");
        value = map.value();
        gateway = value.field("gateway");
        ifindex = value.field("ifindex");
        mtu = value.field("mtu");
        kind = value.field("kind");
        for (RouteKind each : RouteKind.values()) {
            kinds.put(each, context.constant(each.enumerator()));
        }
    }

    ByteBuffer key(RouteEntry entry) {
        ByteBuffer bytes = key.allocate();
        prefixLength.set(bytes, entry.prefixLength());
        address.setAddress(bytes, entry.destination().address());
        return bytes;
    }

    ByteBuffer value(RouteEntry entry) {
        ByteBuffer bytes = value.allocate();
        entry.gateway().ifPresent(hop -> gateway.setAddress(bytes, hop));
        ifindex.set(bytes, entry.ifindex());
        mtu.set(bytes, entry.mtu());
        kind.set(bytes, kinds.get(entry.kind()));
        return bytes;
    }

    RouteEntry entry(ByteBuffer keyBytes, ByteBuffer valueBytes) {
        return new RouteEntry(
                destination(keyBytes),
                kind(kind.get(valueBytes)),
                (int) ifindex.get(valueBytes),
                Optional.of(gateway.address(valueBytes)).filter(hop -> !hop.isAnyLocalAddress()),
                (int) mtu.get(valueBytes));
    }

    private Cidr destination(ByteBuffer keyBytes) {
        InetAddress to = address.address(keyBytes);
        int familyBits = to instanceof Inet4Address ? Integer.SIZE : ADDRESS_BITS;
        return new Cidr(to, (int) prefixLength.get(keyBytes) - (ADDRESS_BITS - familyBits));
    }

    private RouteKind kind(long number) {
        return kinds.entrySet().stream()
                .filter(each -> each.getValue() == number)
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("the route table holds a route of unknown kind " + number));
    }
}
