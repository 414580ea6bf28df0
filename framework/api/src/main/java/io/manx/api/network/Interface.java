package io.manx.api.network;

import java.util.Set;

/**
 * A network interface.
 *
 * @param index ifindex in its namespace
 * @param kind as {@code ip -d link} names it: veth, vlan, ...; empty for hardware and loopback
 * @param mac 6 bytes, or empty where the interface has none
 * @param mtu bytes of layer 3
 * @param peerElsewhere a veth whose peer is in another network namespace
 * @param flags {@code up}, {@code loopback}, {@code running} ...
 */
public record Interface(
        int index, String name, String kind, byte[] mac, int mtu, boolean peerElsewhere, Set<String> flags) {
    public boolean up() {
        return flags.contains("up");
    }
}
