package io.manx.itest.conntrack;

import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * Flows that are brought into a state, are silent for a while and go on. All are under way at once, so each has ports, an
 * identifier or a client of its own.
 */
final class SilentScenarios {
    /** Half a second off from any time-out. */
    static final int FIRST_MILLIS = 500;

    static final int EACH_MILLIS = 1000;
    /** Silences of different length, up to beyond the longest time-out. */
    static final int SILENCES = 8;
    /** IPv4 and IPv6, for protocols that know a flow by its addresses alone. */
    static final int REPEATS = 2;

    static final String UDP_GOING_ON = "udp, the client goes on at once";
    static final String TCP_HALF_CLOSED = "tcp half closed";
    static final String TCP_UNACKNOWLEDGED = "tcp, data unacknowledged";
    static final String TCP_WINDOW_CLOSED = "tcp, window closed";
    static final String SCTP_OPENING = "sctp opening";
    static final String SCTP_HALF_SHUT = "sctp, one has shut down";
    static final String GRE_NEW = "gre, answered once at most";

    private static final int GRE = 47;

    private interface Maker {
        /** @param client of its own among those of one protocol and family, with v6 */
        SilentDraft make(RandomGenerator random, int client, boolean v6);
    }

    private record Kind(String name, Maker maker) {}

    private static final List<Kind> KINDS = List.of(
            new Kind("udp unanswered", (random, client, v6) -> new SilentDatagrams(random).unanswered()),
            new Kind("udp answered", (random, client, v6) -> new SilentDatagrams(random).answered()),
            new Kind(UDP_GOING_ON, (random, client, v6) -> new SilentDatagrams(random).goingOn()),
            new Kind("udp stream", (random, client, v6) -> new SilentDatagrams(random).stream()),
            new Kind("icmp", (random, client, v6) -> new SilentDatagrams(random).echo()),
            new Kind(GRE_NEW, (random, client, v6) -> new SilentProtocol(Event.GRE, GRE, client, v6).answeredOnceAtMost(random)),
            new Kind("gre", (random, client, v6) -> new SilentProtocol(Event.GRE, GRE, client + SILENCES, v6).goingOn()),
            new Kind("other protocol, answered once at most",
                    (random, client, v6) -> new SilentProtocol(Event.OTHER_PROTOCOL, Hosts.OTHER_PROTOCOL, client, v6).answeredOnceAtMost(random)),
            new Kind("other protocol",
                    (random, client, v6) -> new SilentProtocol(Event.OTHER_PROTOCOL, Hosts.OTHER_PROTOCOL, client + SILENCES, v6).goingOn()),
            new Kind(SCTP_OPENING, (random, client, v6) -> SctpScenarios.silentWhileOpening(random)),
            new Kind("sctp", (random, client, v6) -> SctpScenarios.silentWhileOpen(random)),
            new Kind(SCTP_HALF_SHUT, (random, client, v6) -> SctpScenarios.silentWhileHalfShut(random)),
            new Kind("sctp shut", (random, client, v6) -> SctpScenarios.silentWhileShut(random)),
            new Kind("sctp aborted", (random, client, v6) -> SctpScenarios.silentWhileAborted(random)),
            new Kind("tcp syn sent", (random, client, v6) -> new SilentTcp(random).synSent()),
            new Kind("tcp syn received", (random, client, v6) -> new SilentTcp(random).synReceived()),
            new Kind("tcp established", (random, client, v6) -> new SilentTcp(random).established()),
            new Kind(TCP_UNACKNOWLEDGED, (random, client, v6) -> new SilentTcp(random).unacknowledged()),
            new Kind(TCP_WINDOW_CLOSED, (random, client, v6) -> new SilentTcp(random).windowClosed()),
            new Kind(TCP_HALF_CLOSED, (random, client, v6) -> new SilentTcp(random).halfClosed()),
            new Kind("tcp, last acknowledgement missing", (random, client, v6) -> new SilentTcp(random).closing()),
            new Kind("tcp closed", (random, client, v6) -> new SilentTcp(random).closed()),
            new Kind("tcp reset", (random, client, v6) -> new SilentTcp(random).reset()));

    static final int COUNT = KINDS.size() * SILENCES * REPEATS;

    /** @param warm steps before a first pause. @param opened steps before the silence, those included */
    record Silent(Scenario scenario, int warm, int opened) {}

    private SilentScenarios() {}

    static Silent of(long seed, int number) {
        RandomGenerator random = new SplittableRandom(seed * 0x9E3779B97F4A7C15L + number);
        Kind kind = KINDS.get(number % KINDS.size());
        int silence = number / KINDS.size() % SILENCES;
        boolean v6 = number / KINDS.size() / SILENCES % REPEATS == 1;
        long millis = FIRST_MILLIS + (long) silence * EACH_MILLIS;
        SilentDraft draft = kind.maker().make(random, silence, v6);
        Scenario scenario = new Scenario(seed, number, kind.name(), Tags.NONE, millis, draft.steps(millis));
        return new Silent(scenario, draft.warm().size(), draft.warm().size() + draft.open().size());
    }
}
