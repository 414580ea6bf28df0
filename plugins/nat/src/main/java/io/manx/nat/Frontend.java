package io.manx.nat;

import io.manx.api.layout.Addresses;
import java.net.InetAddress;

/** Where clients reach a service. @param protocol IANA number: {@link #TCP} or {@link #UDP} */
record Frontend(InetAddress address, int port, int protocol) {
    static final int TCP = 6;
    static final int UDP = 17;

    String protocolName() {
        return protocol == TCP ? "tcp" : protocol == UDP ? "udp" : Integer.toString(protocol);
    }

    @Override
    public String toString() {
        return Addresses.text(address, port) + "/" + protocolName();
    }
}
