package io.manx.nat;

import io.manx.api.layout.Addresses;
import java.net.InetAddress;

/** Where a service's work is done; of the frontend's protocol and address family. */
record Backend(InetAddress address, int port) {
    @Override
    public String toString() {
        return Addresses.text(address, port);
    }
}
