package io.manx.conntrack;

import io.manx.api.report.Report.Filter;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** What the user wants to see of the flows: all filters that are given must match. */
final class FlowFilter {
    static final List<Filter> FILTERS = List.of(
            new Filter("src", "ADDRESS", "flows that this address began"),
            new Filter("dst", "ADDRESS", "flows to this address, a service's or a backend's"),
            new Filter("port", "PORT", "flows from or to this port"),
            new Filter("proto", "PROTOCOL", "tcp, udp, icmp, icmpv6, sctp or a number"),
            new Filter("limit", "COUNT", "no more than this many"));

    private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");
    private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F:]*:[0-9a-fA-F:.]*");
    private static final int MOST_PORT = 65535;

    private final Predicate<Flow> wanted;
    private final OptionalLong limit;

    private FlowFilter(Predicate<Flow> wanted, OptionalLong limit) {
        this.wanted = wanted;
        this.limit = limit;
    }

    /** @throws IllegalArgumentException a value is not of its form */
    static FlowFilter of(Map<String, String> given) {
        Predicate<Flow> wanted = flow -> true;
        OptionalLong limit = OptionalLong.empty();
        for (Map.Entry<String, String> filter : given.entrySet()) {
            String value = filter.getValue();
            switch (filter.getKey()) {
                case "src" -> wanted = wanted.and(from(address(value)));
                case "dst" -> wanted = wanted.and(to(address(value)));
                case "port" -> wanted = wanted.and(port(value));
                case "proto" -> wanted = wanted.and(protocol(Protocols.number(value)));
                case "limit" -> limit = OptionalLong.of(count(value));
                default -> throw new IllegalArgumentException("flows has no filter '" + filter.getKey()
                        + "': expected src, dst, port, proto or limit");
            }
        }
        return new FlowFilter(wanted, limit);
    }

    boolean matches(Flow flow) {
        return wanted.test(flow);
    }

    OptionalLong limit() {
        return limit;
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
