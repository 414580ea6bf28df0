package io.manx.api.resource;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * {@code manx.io/v1} Settings, of which there is one, named {@code default}: what Calico's formats have no word for.
 * What is empty is left to the stage that it is meant for.
 */
public record Settings(String name, Source source, Parse parse, Conntrack conntrack) implements Resource {
    /** What holds where there is no document. */
    public static final Settings NONE = new Settings("default", Source.NONE, Parse.DEFAULT, Conntrack.DEFAULT);

    /**
     * Judgement calls: packets that are whole, but that nobody means well with.
     *
     * @param dropTcpFlagNonsense SYN with FIN, no flag at all, FIN with URG and PSH and no ACK
     * @param dropLand source and destination the same
     */
    public record Parse(boolean dropTcpFlagNonsense, boolean dropLand) {
        public static final Parse DEFAULT = new Parse(true, true);
    }

    /**
     * @param pickup a TCP packet from the middle of a connection that is not known is judged as a new one's; else dropped
     * @param windowChecks what lies outside the window neither moves a connection's state nor passes
     * @param udpReplied how long a UDP flow may be silent once the far end has answered
     * @param udpStream likewise, once both ends have gone on after that
     * @param maxYoungFlows how many flows, of IPv4 and of IPv6 each, may wait for their far end's first word
     */
    public record Conntrack(
            boolean pickup,
            boolean windowChecks,
            Optional<Duration> udpReplied,
            Optional<Duration> udpStream,
            OptionalInt maxYoungFlows) {
        public static final Conntrack DEFAULT =
                new Conntrack(true, true, Optional.empty(), Optional.empty(), OptionalInt.empty());
    }
}
