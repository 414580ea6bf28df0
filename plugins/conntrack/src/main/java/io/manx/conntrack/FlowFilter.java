package io.manx.conntrack;

import io.manx.api.report.Report.Filter;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What the user wants to see of the flows: all filters that are given must match. */
final class FlowFilter {
    static final List<Filter> FILTERS = List.of(
            new Filter("src", "ADDRESS", "flows that this address began"),
            new Filter("dst", "ADDRESS", "flows to this address, a service's or a backend's"),
            new Filter("port", "PORT", "flows from or to this port"),
            new Filter("proto", "PROTOCOL", "tcp, udp, icmp, icmpv6, sctp or a number"),
            new Filter("state", "STATE", "new, replied, established, closing or closed"),
            new Filter("limit", "COUNT", "no more than this many"),
            new Filter("top", "WHAT", "those with the most bytes or packets, both ways together; 10 unless --limit says"),
            new Filter("count", "", "how many each table has, of how many at most, and how often there was no room"),
            new Filter("delete", "", "deletes them; their next packet begins a new flow"),
            new Filter("follow", "", "those that the filters ask for as they begin and end, until it is interrupted"));

    private static final long TOP_UNLESS_LIMITED = 10;

    private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");
    private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F:]*:[0-9a-fA-F:.]*");
    private static final int MOST_PORT = 65535;

    private final Predicate<Flow> wanted;
    private final boolean selects;
    private final OptionalLong limit;
    private final Optional<Top> top;

    private FlowFilter(Predicate<Flow> wanted, boolean selects, OptionalLong limit, Optional<Top> top) {
        this.wanted = wanted;
        this.selects = selects;
        this.limit = limit;
        this.top = top;
    }

    /** What the flows are sorted by, the most first. */
    enum Top {
        BYTES(leg -> leg.bytes()),
        PACKETS(leg -> leg.packets());

        private final ToLongFunction<Flow.Leg> measure;

        Top(ToLongFunction<Flow.Leg> measure) {
            this.measure = measure;
        }

        long of(Flow flow) {
            return measure.applyAsLong(flow.fromOriginator()) + measure.applyAsLong(flow.fromResponder());
        }
    }

    /** @throws IllegalArgumentException a value is not of its form */
    static FlowFilter of(Map<String, String> given) {
        Predicate<Flow> wanted = flow -> true;
        boolean selects = false;
        OptionalLong limit = OptionalLong.empty();
        Optional<Top> top = Optional.empty();
        for (Map.Entry<String, String> filter : given.entrySet()) {
            String value = filter.getValue();
            switch (filter.getKey()) {
                case "src" -> wanted = wanted.and(from(address(value)));
                case "dst" -> wanted = wanted.and(to(address(value)));
                case "port" -> wanted = wanted.and(port(value));
                case "proto" -> wanted = wanted.and(protocol(Protocols.number(value)));
                case "state" -> wanted = wanted.and(state(value));
                case "top" -> top = Optional.of(top(value));
                case "count", "delete", "follow" -> {
                    continue;
                }
                case "limit" -> limit = OptionalLong.of(count(value));
                default -> throw new IllegalArgumentException("flows has no filter '" + filter.getKey()
                        + "': expected src, dst, port, proto, state, limit, top, count, delete or follow");
            }
            selects |= !filter.getKey().equals("limit") && !filter.getKey().equals("top");
        }
        return new FlowFilter(wanted, selects, limit, top);
    }

    boolean matches(Flow flow) {
        return wanted.test(flow);
    }

    /** Whether it asks for some of the flows, by what they are. */
    boolean selects() {
        return selects;
    }

    /** How many at most; for the topmost there always is a limit, which bounds what is kept of them. */
    OptionalLong limit() {
        return limit.isEmpty() && top.isPresent() ? OptionalLong.of(TOP_UNLESS_LIMITED) : limit;
    }

    Optional<Top> top() {
        return top;
    }

    private static Predicate<Flow> state(String text) {
        Flow.State state = oneOf(Flow.State.values(), text, "state");
        return flow -> flow.state() == state;
    }

    private static Top top(String text) {
        return oneOf(Top.values(), text, "measure");
    }

    private static <E extends Enum<E>> E oneOf(E[] values, String text, String what) {
        return Stream.of(values)
                .filter(value -> value.name().equalsIgnoreCase(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("'" + text + "' is no " + what + ": expected one of "
                        + Arrays.toString(values).toLowerCase(Locale.ROOT)));
    }

    private static Predicate<Flow> from(InetAddress address) {
        return flow -> flow.originator().address().equals(address);
    }

    private static Predicate<Flow> to(InetAddress address) {
        return flow -> flow.responder().address().equals(address)
                || flow.backend().filter(end -> end.address().equals(address)).isPresent();
    }

    private static Predicate<Flow> port(String text) {
        if (!text.matches("\\d{1,5}") || Integer.parseInt(text) > MOST_PORT) {
            throw new IllegalArgumentException("'" + text + "' is no port: expected a number from 0 to 65535");
        }
        int port = Integer.parseInt(text);
        return flow -> flow.originator().port() == port
                || flow.responder().port() == port
                || flow.backend().filter(end -> end.port() == port).isPresent();
    }

    private static Predicate<Flow> protocol(int number) {
        return flow -> flow.protocol() == number;
    }

    private static long count(String text) {
        if (!text.matches("\\d{1,9}")) {
            throw new IllegalArgumentException("'" + text + "' is no count of flows: expected a number, 0 or more");
        }
        return Long.parseLong(text);
    }

    /** Names are not looked up. */
    private static InetAddress address(String text) {
        if (IPV4.matcher(text).matches() || IPV6.matcher(text).matches()) {
            try {
                return InetAddress.getByName(text);
            } catch (UnknownHostException e) {
                throw noAddress(text, e);
            }
        }
        throw noAddress(text, null);
    }

    private static IllegalArgumentException noAddress(String text, Exception cause) {
        return new IllegalArgumentException("'" + text + "' is no address: expected one like 10.0.2.2 or fd00::2", cause);
    }
}
