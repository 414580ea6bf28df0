package io.manx.api.resource;

import java.net.InetAddress;

/** A prefix. The address's bits beyond the length are zero. */
public record Cidr(InetAddress address, int length) {
    @Override
    public String toString() {
        return address.getHostAddress() + "/" + length;
    }
}
