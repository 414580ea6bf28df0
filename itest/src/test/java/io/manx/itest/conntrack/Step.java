package io.manx.itest.conntrack;

import java.util.List;

/**
 * What one side sends at once: a packet, or the fragments of a datagram.
 *
 * @param text for a reader of a difference
 * @param frames from the Ethernet header on
 */
record Step(Side from, Event event, String text, List<byte[]> frames) {
    Step(Side from, Event event, String text, byte[] frame) {
        this(from, event, text, List.of(frame));
    }

    boolean isFragments() {
        return event.name().startsWith("FRAGMENTS");
    }

    @Override
    public String toString() {
        return from + " " + event + ": " + text;
    }
}
