package io.manx.itest.conntrack;

import io.manx.testkit.Packets;
import java.net.InetAddress;
import java.util.random.RandomGenerator;

/** Who the packets go between, in both labs alike: no stack is behind any of these addresses. */
final class Hosts {
    static final int CLIENTS = 16;
    static final String CLIENT_NET = "10.81.0.";
    static final String CLIENT_NET6 = "fd81::";
    static final InetAddress SERVER = Packets.address("10.82.0.2");
    static final InetAddress SERVER6 = Packets.address("fd82::2");
    /** The server is its only backend, and listens on ports of its own. */
    static final InetAddress SERVICE = Packets.address("10.96.81.1");

    static final InetAddress SERVICE6 = Packets.address("fd96:81::1");
    static final int SERVICE_FIRST = 8000;
    static final int BACKEND_FIRST = 7400;
    /** TCP and UDP each. */
    static final int SERVICE_PORTS = 4;

    /** A router behind the server's side, which sends errors. */
    static final InetAddress ROUTER = Packets.address("10.82.0.9");
    static final InetAddress ROUTER6 = Packets.address("fd82::9");

    static final byte[] CLIENT_MAC = {2, 0, 0, 0, 1, 2};
    static final byte[] GATEWAY_MAC_TO_CLIENT = {2, 0, 0, 0, 1, 1};
    static final byte[] SERVER_MAC = {2, 0, 0, 0, 2, 2};
    static final byte[] GATEWAY_MAC_TO_SERVER = {2, 0, 0, 0, 2, 1};

    /** What policy lets the client open, TCP and UDP alike; the rest it does not. */
    static final int OPEN_FIRST = 7000;

    static final int OPEN_LAST = 7999;
    static final int CLOSED_FIRST = 9000;

    /** For experiments (RFC 3692), and open: one that neither gateway knows anything of. */
    static final int OTHER_PROTOCOL = 253;

    /** UDP, open: what follows a step's packets and says that they have been judged. */
    static final int MARKER_PORT = 9;

    private Hosts() {}

    static InetAddress client(boolean v6, RandomGenerator random) {
        return client(v6, random.nextInt(CLIENTS));
    }

    static InetAddress client(boolean v6, int number) {
        return Packets.address(v6 ? CLIENT_NET6 + Integer.toHexString(2 + number) : CLIENT_NET + (2 + number));
    }

    static InetAddress server(boolean v6) {
        return v6 ? SERVER6 : SERVER;
    }

    static InetAddress service(boolean v6) {
        return v6 ? SERVICE6 : SERVICE;
    }

    static InetAddress router(boolean v6) {
        return v6 ? ROUTER6 : ROUTER;
    }

    static int openPort(RandomGenerator random) {
        return random.nextInt(OPEN_FIRST, OPEN_LAST + 1);
    }

    static int closedPort(RandomGenerator random) {
        return random.nextInt(CLOSED_FIRST, CLOSED_FIRST + 1000);
    }

    static byte[] macOf(Side side) {
        return side == Side.CLIENT ? CLIENT_MAC : SERVER_MAC;
    }

    static byte[] gatewayMacOf(Side side) {
        return side == Side.CLIENT ? GATEWAY_MAC_TO_CLIENT : GATEWAY_MAC_TO_SERVER;
    }
}
