package io.manx.api.resource;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * {@code projectcalico.org/v3} FelixConfiguration, of which there is one, named {@code default}: what of it the data
 * plane acts on. What is empty is left to the stage that it is meant for.
 *
 * @param bpfMapSizeConntrack how many flows the table holds, of IPv4 and of IPv6 each
 */
public record FelixConfiguration(
        String name, Source source, ConntrackTimeouts bpfConntrackTimeouts, OptionalInt bpfMapSizeConntrack)
        implements Resource {

    /**
     * What a flow is taken to cost at most when a table's size is judged by this machine's memory: the entry of an IPv6
     * flow, the kernel's share of it, and the buckets.
     */
    public static final int BYTES_PER_FLOW = 512;

    /** What holds where there is no document. */
    public static final FelixConfiguration NONE =
            new FelixConfiguration("default", Source.NONE, ConntrackTimeouts.NONE, OptionalInt.empty());

    /**
     * How long a flow may be silent before it is forgotten, by its state. {@code Auto} is resolved already.
     *
     * @param creationGracePeriod a younger flow is not forgotten, whatever its state
     * @param tcpSynSent until the handshake is complete
     * @param tcpFinsSeen once both ends have sent a FIN
     * @param tcpResetSeen once either end has sent a RST
     * @param udpTimeout until the far end has answered; see {@link Settings.Conntrack} for what comes after
     * @param genericTimeout of every protocol but TCP, UDP, ICMP and ICMPv6
     */
    public record ConntrackTimeouts(
            Optional<Duration> creationGracePeriod,
            Optional<Duration> tcpSynSent,
            Optional<Duration> tcpEstablished,
            Optional<Duration> tcpFinsSeen,
            Optional<Duration> tcpResetSeen,
            Optional<Duration> udpTimeout,
            Optional<Duration> genericTimeout,
            Optional<Duration> icmpTimeout) {

        public static final ConntrackTimeouts NONE = new ConntrackTimeouts(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }
}
