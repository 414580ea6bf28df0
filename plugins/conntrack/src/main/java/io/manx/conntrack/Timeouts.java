package io.manx.conntrack;

import io.manx.api.layout.Layout;
import io.manx.api.stage.StageContext;
import io.manx.api.stage.StateMap;
import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * How long a flow may be silent, by protocol and state; the names are those of Calico's {@code bpfConntrackTimeouts}.
 *
 * @param tcpSynSent until the handshake is complete
 * @param tcpFinsSeen once both ends have sent a FIN
 * @param tcpResetSeen once either end has sent a RST
 * @param generic of any protocol but TCP, UDP, ICMP and ICMPv6
 */
record Timeouts(
        Duration tcpSynSent,
        Duration tcpEstablished,
        Duration tcpFinsSeen,
        Duration tcpResetSeen,
        Duration udp,
        Duration icmp,
        Duration generic) {

    /** Those of {@code enum timeout_seconds} in timeouts.h. */
    static Timeouts defaults(StageContext context) {
        return new Timeouts(
                seconds(context, "TCP_SYN_SENT"),
                seconds(context, "TCP_ESTABLISHED"),
                seconds(context, "TCP_FINS_SEEN"),
                seconds(context, "TCP_RESET_SEEN"),
                seconds(context, "UDP"),
                seconds(context, "ICMP"),
                seconds(context, "GENERIC"));
    }

    private static Duration seconds(StageContext context, String name) {
        return Duration.ofSeconds(context.constant("TIMEOUT_" + name));
    }

    /** In force from the next sweep on. */
    void writeTo(StageContext context) {
        StateMap map = context.map("timeouts");
        Layout layout = map.value();
        ByteBuffer value = layout.allocate();
        layout.field("tcp_syn_sent").set(value, tcpSynSent.toNanos());
        layout.field("tcp_established").set(value, tcpEstablished.toNanos());
        layout.field("tcp_fins_seen").set(value, tcpFinsSeen.toNanos());
        layout.field("tcp_reset_seen").set(value, tcpResetSeen.toNanos());
        layout.field("udp").set(value, udp.toNanos());
        layout.field("icmp").set(value, icmp.toNanos());
        layout.field("generic").set(value, generic.toNanos());
        map.put(map.key().allocate(), value);
    }
}
