package io.manx.conntrack;

import java.net.InetAddress;
import java.util.Optional;

/** An entry of the flow table that its originator's packets find. Times are nanoseconds of the monotonic clock. */
record Flow(
        int protocol,
        End originator,
        End responder,
        State state,
        Optional<End> backend,
        Leg fromOriginator,
        Leg fromResponder,
        long begin,
        long last) {

    record End(InetAddress address, int port) {}

    record Leg(long packets, long bytes) {}

    enum State {
        NEW,
        REPLIED,
        ESTABLISHED,
        CLOSING,
        CLOSED
    }

    /** A translated flow, with what its reverse entry knows: the responder's packets, and the latest of them. */
    Flow with(Leg replies, long lastReply) {
        return new Flow(
                protocol,
                originator,
                responder,
                state,
                backend,
                fromOriginator,
                replies,
                begin,
                Math.max(last, lastReply));
    }
}
