package io.manx.routes;

import io.manx.api.layout.Addresses;
import java.util.Locale;
import java.util.Map;

/**
 * A route as the command {@code routes} shows it.
 *
 * @param prefix {@code 10.0.2.0/24}
 * @param kind who takes the packet: stack, local, neighbour or workload
 * @param interfaceName empty where the kind has none
 * @param gateway empty where the destination itself is the next hop
 * @param mtu bytes of layer 3; 0: not checked
 */
public record RouteRow(String prefix, String kind, String interfaceName, String gateway, int mtu) {

    /** @param names of interfaces, by index; one that has gone meanwhile is shown by its index */
    static RouteRow of(RouteEntry entry, Map<Integer, String> names) {
        return new RouteRow(
                Addresses.text(entry.destination().address())
                        + "/" + entry.destination().length(),
                entry.kind().name().toLowerCase(Locale.ROOT),
                entry.ifindex() == 0 ? "" : names.getOrDefault(entry.ifindex(), "#" + entry.ifindex()),
                entry.gateway().map(Addresses::text).orElse(""),
                entry.mtu());
    }
}
