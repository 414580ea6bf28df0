package io.manx.conntrack;

/**
 * A row of {@code flows --follow}: a flow has begun, or has ended with what it carried.
 *
 * @param state what a flow that has ended was in last; {@code new} of one that begins
 * @param secondsAgo when it was, as the row is made: of an end, the flow's last packet
 * @param lost how many events before this one the ring buffer had no room for, since somebody listens
 */
public record EventRow(
        String event,
        double secondsAgo,
        String protocol,
        String source,
        int sourcePort,
        String destination,
        int destinationPort,
        String state,
        long originatorPackets,
        long originatorBytes,
        long responderPackets,
        long responderBytes,
        long lost) {}
