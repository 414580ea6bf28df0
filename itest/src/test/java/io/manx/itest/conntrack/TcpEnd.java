package io.manx.itest.conntrack;

import java.net.InetAddress;

/** One end of a made up TCP connection, as far as its segments show it. Sequence numbers wrap. */
final class TcpEnd {
    /** In a SYN: no scaling. */
    static final int NO_SCALE = -1;

    final Side side;
    final InetAddress address;
    final int port;
    /** As the far end sees it: a service's, where it is that one's backend. */
    final InetAddress seen;

    final int seenPort;
    int first;
    /** The next byte it sends. */
    int next;
    /** The next byte it expects. */
    int expects;
    int window;
    int scale;
    /** Up to here its far end may send, as its last segment said. */
    int edge;
    boolean finSent;
    /** Of the last segment with data. */
    int lastSequence;

    int lastBytes;

    TcpEnd(Side side, InetAddress address, int port) {
        this(side, new Peer(address, port, address, port));
    }

    TcpEnd(Side side, Peer peer) {
        this.side = side;
        this.address = peer.address();
        this.port = peer.port();
        this.seen = peer.seen();
        this.seenPort = peer.seenPort();
    }
}
