package io.manx.conntrack;

/**
 * A row of the report {@code flows}: one flow, as its originator sees it.
 *
 * @param protocol {@code tcp}, {@code udp}, {@code icmp}, {@code icmpv6}, {@code sctp}, else the IANA number
 * @param sourcePort an ICMP echo's identifier, in both ports; 0 where the protocol has none
 * @param state {@code new}: not answered yet; {@code replied}; {@code established}: the originator has gone on after an
 *     answer; {@code closing}: one end has sent its FIN;
 *     {@code closed}: both have, or one has sent a RST
 * @param translated the backend the flow goes to instead, {@code 10.0.2.2:8080}; empty where it is not translated
 * @param originatorBytes from layer 2 on
 * @param idleSeconds since the last packet of either end
 */
public record FlowRow(
        String protocol,
        String source,
        int sourcePort,
        String destination,
        int destinationPort,
        String state,
        String translated,
        long originatorPackets,
        long originatorBytes,
        long responderPackets,
        long responderBytes,
        double ageSeconds,
        double idleSeconds) {}
