package io.manx.itest.conntrack;

import static io.manx.itest.conntrack.Difference.Kind.ANSWERS;
import static io.manx.itest.conntrack.Difference.Kind.CONTENT;
import static io.manx.itest.conntrack.Difference.Kind.KERNEL_ONLY;
import static io.manx.itest.conntrack.Difference.Kind.MANX_ONLY;
import static io.manx.itest.conntrack.Difference.Kind.PARTS;
import static io.manx.itest.conntrack.Event.ACK;
import static io.manx.itest.conntrack.Event.ACK_OLD;
import static io.manx.itest.conntrack.Event.AFTER_SILENCE;
import static io.manx.itest.conntrack.Event.BAD_ADDRESS;
import static io.manx.itest.conntrack.Event.BAD_CHECKSUM;
import static io.manx.itest.conntrack.Event.BAD_HEADER;
import static io.manx.itest.conntrack.Event.DATA;
import static io.manx.itest.conntrack.Event.DATA_AFTER_FIN;
import static io.manx.itest.conntrack.Event.DATA_AFTER_RESET;
import static io.manx.itest.conntrack.Event.DATA_NEAR_EDGE;
import static io.manx.itest.conntrack.Event.DATA_OLD;
import static io.manx.itest.conntrack.Event.ERROR_OF_FLOW;
import static io.manx.itest.conntrack.Event.ERROR_QUOTE_BROKEN;
import static io.manx.itest.conntrack.Event.ERROR_QUOTE_SHORT;
import static io.manx.itest.conntrack.Event.EXTENSION_HEADERS;
import static io.manx.itest.conntrack.Event.FIN;
import static io.manx.itest.conntrack.Event.FRAGMENTS;
import static io.manx.itest.conntrack.Event.FRAGMENTS_BEYOND_64K;
import static io.manx.itest.conntrack.Event.FRAGMENTS_INCOMPLETE;
import static io.manx.itest.conntrack.Event.FRAGMENTS_OVERLAPPING;
import static io.manx.itest.conntrack.Event.FRAGMENTS_SHUFFLED;
import static io.manx.itest.conntrack.Event.FRAGMENTS_TINY;
import static io.manx.itest.conntrack.Event.FRAGMENTS_TWICE;
import static io.manx.itest.conntrack.Event.ICMP_OTHER;
import static io.manx.itest.conntrack.Event.IP_OPTIONS;
import static io.manx.itest.conntrack.Event.KEEPALIVE;
import static io.manx.itest.conntrack.Event.MID_FLOW;
import static io.manx.itest.conntrack.Event.OUT_OF_ORDER;
import static io.manx.itest.conntrack.Event.RESET;
import static io.manx.itest.conntrack.Event.RESET_OLD;
import static io.manx.itest.conntrack.Event.RETRANSMISSION;
import static io.manx.itest.conntrack.Event.SCTP_OF_NONE;
import static io.manx.itest.conntrack.Event.SCTP_WRONG_TAG;
import static io.manx.itest.conntrack.Event.SIMULTANEOUS_OPEN;
import static io.manx.itest.conntrack.Event.SYN_ACK;
import static io.manx.itest.conntrack.Event.SYN_ACK_ASTRAY;
import static io.manx.itest.conntrack.Event.WINDOW_CHANGE;

import io.manx.itest.conntrack.Difference.Kind;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Why Manx does otherwise than the kernel, and means to: a row each of the table in docs/conntrack-differences.md. What has
 * no row is a defect.
 */
enum Explanation {
    CHECKSUM_OF_LAYER_4(MANX_ONLY, BAD_CHECKSUM),
    DATA_OF_LONG_AGO(KERNEL_ONLY, DATA_OLD, ACK_OLD),
    RETRANSMISSION_OF_LONG_AGO(
            KERNEL_ONLY, difference -> new TcpHistory(difference).isOlderThanAWindow(), RETRANSMISSION, KEEPALIVE),
    DATA_BEYOND_THE_WINDOW(KERNEL_ONLY, DATA_NEAR_EDGE),
    SYN_ACK_OUT_OF_THE_WINDOW(KERNEL_ONLY, SYN_ACK_ASTRAY),
    QUOTE_BELOW_8_BYTES(KERNEL_ONLY, ERROR_QUOTE_SHORT),
    QUOTE_OF_ANOTHER_VERSION(KERNEL_ONLY, ERROR_QUOTE_BROKEN),
    WITHOUT_WINDOW_CHECKS(
            MANX_ONLY, difference -> difference.mode() == Mode.WITHOUT_WINDOW_CHECKS, SYN_ACK_ASTRAY, RESET_OLD),
    RESET_OF_JUST_BEFORE(MANX_ONLY, RESET_OLD),
    AFTER_DATA_AT_THE_WINDOWS_END(MANX_ONLY, Explanation::isAfterDataAtTheEdge,
            ACK, DATA, FIN, RESET, DATA_AFTER_FIN, DATA_AFTER_RESET),
    PICKED_UP_BY_ITS_END(MANX_ONLY, Explanation::isPickedUp, FIN, RESET, ACK, DATA, RETRANSMISSION),
    AFTER_A_SIMULTANEOUS_OPEN(MANX_ONLY, Explanation::isOpenedByBoth, DATA, OUT_OF_ORDER, ACK, WINDOW_CHANGE),
    FIRST_NUMBER_OF_JUST_BEFORE(KERNEL_ONLY, difference -> new TcpHistory(difference).comesBackWithinOldNumbers(),
            SYN_ACK, ACK, DATA, OUT_OF_ORDER, WINDOW_CHANGE, KEEPALIVE, RETRANSMISSION, FIN, RESET),
    /** A defect: the page says so. */
    VERIFICATION_TAGS(MANX_ONLY, SCTP_WRONG_TAG),
    PICKED_UP_BY_ITS_DATA(MANX_ONLY, SCTP_OF_NONE),
    OTHER_ICMP(MANX_ONLY, difference -> difference.step().from() == Side.CLIENT, ICMP_OTHER),
    FRAGMENTS_BEFORE_THE_REST(PARTS, FRAGMENTS_INCOMPLETE, FRAGMENTS_OVERLAPPING, FRAGMENTS_BEYOND_64K),
    FLOW_OF_AN_UNFINISHED_DATAGRAM(MANX_ONLY, Explanation::isAnswerToUnfinished,
            FRAGMENTS, FRAGMENTS_SHUFFLED, FRAGMENTS_TWICE, FRAGMENTS_TINY),
    CHECKSUM_OF_THE_IP_HEADER(MANX_ONLY, difference -> says(difference, "header checksum wrong"), BAD_HEADER),
    LAND(KERNEL_ONLY, difference -> says(difference, "from 10.82.0.2") || says(difference, "from fd82::2"), BAD_ADDRESS),
    UDP_STREAM_AT_ONCE(MANX_ONLY, silentBelow(Timeouts.UDP_STREAM_SECONDS, SilentScenarios.UDP_GOING_ON), AFTER_SILENCE),
    TCP_HALF_CLOSED(MANX_ONLY, silentBelow(Timeouts.TCP_ESTABLISHED_SECONDS, SilentScenarios.TCP_HALF_CLOSED), AFTER_SILENCE),
    TCP_UNACKNOWLEDGED(MANX_ONLY,
            silentBelow(Timeouts.TCP_ESTABLISHED_SECONDS, SilentScenarios.TCP_UNACKNOWLEDGED, SilentScenarios.TCP_WINDOW_CLOSED),
            AFTER_SILENCE),
    SCTP_OPENING_OR_ENDING(MANX_ONLY,
            silentBelow(Timeouts.GENERIC_SECONDS, SilentScenarios.SCTP_OPENING, SilentScenarios.SCTP_HALF_SHUT), AFTER_SILENCE),
    GRE_ANSWERED_ONCE_AT_MOST(MANX_ONLY, silentBelow(Timeouts.GENERIC_SECONDS, SilentScenarios.GRE_NEW), AFTER_SILENCE),
    NO_HOPS_LEFT_BY_THE_KERNELS_WAY(ANSWERS, Explanation::hasNoHopsLeftWithATag, BAD_HEADER),
    NOWHERE(ANSWERS, difference -> says(difference, "to 240.0.0.1"), BAD_ADDRESS),
    MALFORMED_OPTIONS(ANSWERS, difference -> says(difference, "an option beyond the header"), IP_OPTIONS),
    ROUTING_HEADER_OF_TYPE_0(KERNEL_ONLY, difference -> says(difference, "routing header of type 0"), EXTENSION_HEADERS),
    HOP_BY_HOP_NOT_FIRST(KERNEL_ONLY, difference -> says(difference, "hop-by-hop not first"), EXTENSION_HEADERS),
    ROUTER_OF_A_SERVICES_ERROR(CONTENT, Explanation::onlyTheOuterSource, ERROR_OF_FLOW, ERROR_QUOTE_SHORT),
    ;

    private final Kind kind;
    private final Set<Event> events;
    private final Predicate<Difference> further;

    Explanation(Kind kind, Event first, Event... others) {
        this(kind, difference -> true, first, others);
    }

    Explanation(Kind kind, Predicate<Difference> further, Event first, Event... others) {
        this.kind = kind;
        this.further = further;
        this.events = EnumSet.of(first, others);
    }

    /** As the table of the docs has it. */
    String row() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static Optional<Explanation> of(Difference difference) {
        return Stream.of(values())
                .filter(row -> row.kind == difference.kind()
                        && row.events.contains(difference.step().event())
                        && row.further.test(difference))
                .findFirst();
    }

    private static boolean isAfterDataAtTheEdge(Difference difference) {
        return difference.scenario().steps().subList(0, difference.at()).stream()
                .anyMatch(step -> step.event() == DATA_NEAR_EDGE);
    }

    /** What came first was the server's, which policy denies. */
    private static boolean isPickedUp(Difference difference) {
        Step first = difference.scenario().steps().get(0);
        return first.event() == MID_FLOW && first.from() == Side.SERVER;
    }

    private static boolean isAnswerToUnfinished(Difference difference) {
        return difference.step().from() == Side.SERVER
                && difference.scenario().steps().subList(0, difference.at()).stream()
                        .anyMatch(step -> FRAGMENTS_BEFORE_THE_REST.events.contains(step.event()));
    }

    private static boolean says(Difference difference, String text) {
        return difference.step().text().contains(text);
    }

    /** Of one of these kinds, and no longer than Manx's time-out allows. */
    private static Predicate<Difference> silentBelow(int seconds, String... kinds) {
        return difference -> List.of(kinds).contains(difference.scenario().kind())
                && difference.scenario().silentMillis() < seconds * 1000L;
    }

    private static boolean hasNoHopsLeftWithATag(Difference difference) {
        return difference.scenario().tags() != Tags.NONE && says(difference, "no hops left");
    }

    private static boolean isOpenedByBoth(Difference difference) {
        return difference.scenario().steps().stream().anyMatch(step -> step.event() == SIMULTANEOUS_OPEN);
    }

    /** Of one packet each; ICMPv6's checksum follows from it. */
    private static boolean onlyTheOuterSource(Difference difference) {
        return difference.manx().whole().size() == 1
                && difference.kernel().whole().size() == 1
                && withoutSource(difference.manx().whole().get(0))
                        .equals(withoutSource(difference.kernel().whole().get(0)));
    }

    private static String withoutSource(String hex) {
        StringBuilder packet = new StringBuilder(hex);
        if (hex.startsWith("4")) {
            return packet.replace(2 * 12, 2 * 16, "").toString();
        }
        return packet.replace(2 * 42, 2 * 44, "").replace(2 * 8, 2 * 24, "").toString();
    }
}
