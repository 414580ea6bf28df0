package io.manx.itest.conntrack;

import java.net.InetAddress;
import java.util.random.RandomGenerator;

/**
 * The server of a flow: as it is, and as the client sees it where it asks a service.
 *
 * @param address of the server itself, and its port
 * @param seen the address that the client sends to: the server's, or the service's whose backend it is
 */
record Peer(InetAddress address, int port, InetAddress seen, int seenPort) {
    /** A port that policy lets the client open: every third time by way of the service. */
    static Peer open(RandomGenerator random, boolean v6) {
        if (random.nextInt(3) == 0) {
            int number = random.nextInt(Hosts.SERVICE_PORTS);
            return new Peer(
                    Hosts.server(v6), Hosts.BACKEND_FIRST + number, Hosts.service(v6), Hosts.SERVICE_FIRST + number);
        }
        return direct(v6, Hosts.openPort(random));
    }

    static Peer direct(boolean v6, int port) {
        return new Peer(Hosts.server(v6), port, Hosts.server(v6), port);
    }

    @Override
    public String toString() {
        return port == seenPort ? Integer.toString(port) : seenPort + "=" + port;
    }
}
