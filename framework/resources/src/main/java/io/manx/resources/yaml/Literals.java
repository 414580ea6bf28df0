package io.manx.resources.yaml;

import io.manx.api.resource.GlobalNetworkPolicy.PortRange;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Small values that are written as text: ports, protocols, names, MAC addresses. Errors: IllegalArgumentException. */
final class Literals {
    static final String PORTS = "a port from 0 to 65535 or a range such as \"8000:8080\"";
    static final String PROTOCOL = "TCP, UDP, ICMP, ICMPv6, SCTP, UDPLite or a number from 1 to 255";
    static final String INTERFACE = "an interface's name of 1 to 15 characters";
    static final String MAC = "a MAC address such as ee:ee:ee:ee:ee:ee";

    private static final Map<String, Integer> PROTOCOLS = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

    static {
        PROTOCOLS.putAll(Map.of("TCP", 6, "UDP", 17, "ICMP", 1, "ICMPv6", 58, "SCTP", 132, "UDPLite", 136));
    }

    private static final Pattern PORT_OR_RANGE = Pattern.compile("([0-9]{1,9})(?::([0-9]{1,9}))?");
    private static final Pattern PORT_NAME = Pattern.compile("[a-zA-Z0-9_.-]*[a-zA-Z][a-zA-Z0-9_.-]*");
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");
    private static final Pattern LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?");
    private static final Pattern SUBDOMAIN = Pattern.compile(LABEL + "(\\." + LABEL + ")*");
    private static final Pattern INTERFACE_NAME = Pattern.compile("[^\\s/:]{1,15}");
    private static final Pattern MAC_ADDRESS = Pattern.compile("[0-9a-fA-F]{2}(:[0-9a-fA-F]{2}){5}");

    private Literals() {}

    static PortRange ports(String text) {
        Matcher matcher = PORT_OR_RANGE.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    PORT_NAME.matcher(text).matches()
                            ? "the named port \"" + text + "\" is not supported by Manx: write its number"
                            : wrong(text, PORTS));
        }
        int first = Integer.parseInt(matcher.group(1));
        int last = matcher.group(2) == null ? first : Integer.parseInt(matcher.group(2));
        if (last > 65535 || first > 65535) {
            throw new IllegalArgumentException(wrong(text, PORTS));
        }
        if (first > last) {
            throw new IllegalArgumentException(wrong(text, "a range whose first port is not above its last"));
        }
        return new PortRange(first, last);
    }

    /** @return IANA number */
    static int protocol(String text) {
        Integer named = PROTOCOLS.get(text);
        if (named != null) {
            return named;
        }
        int number = NUMBER.matcher(text).matches() ? Integer.parseInt(text) : 0;
        if (number < 1 || number > 255) {
            throw new IllegalArgumentException(wrong(text, PROTOCOL));
        }
        return number;
    }

    /** Those a Service knows. @return IANA number */
    static int serviceProtocol(String text) {
        if (!List.of("TCP", "UDP", "SCTP").contains(text)) {
            throw new IllegalArgumentException(wrong(text, "TCP, UDP or SCTP"));
        }
        return PROTOCOLS.get(text);
    }

    /** @param number IANA number of one of the protocols above */
    static String protocolName(int number) {
        return PROTOCOLS.entrySet().stream()
                .filter(entry -> entry.getValue() == number)
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseGet(() -> Integer.toString(number));
    }

    static boolean hasPorts(int protocol) {
        return List.of(6, 17, 132, 136).contains(protocol);
    }

    /** A DNS label, as Services and namespaces are named. */
    static String label(String text) {
        if (text.length() > 63 || !LABEL.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    wrong(text, "at most 63 small letters, digits and dashes, with a letter or digit at both ends"));
        }
        return text;
    }

    /** A DNS subdomain, as most things are named. */
    static String name(String text) {
        if (text.length() > 253 || !SUBDOMAIN.matcher(text).matches()) {
            throw new IllegalArgumentException(wrong(
                    text,
                    "at most 253 small letters, digits, dashes and dots, with a letter or digit at both ends of each"
                            + " part"));
        }
        return text;
    }

    /** The name of what there is one of: everything configured is this host's. */
    static String onlyDefault(String text) {
        if (!text.equals("default")) {
            throw new IllegalArgumentException(
                    "found \"" + text + "\", expected default: there is one, and it is this host's");
        }
        return text;
    }

    static String interfaceName(String text) {
        if (text.equals("*")) {
            throw new IllegalArgumentException(
                    "\"*\" is not supported by Manx: write a HostEndpoint for each interface");
        }
        if (!INTERFACE_NAME.matcher(text).matches() || text.equals(".") || text.equals("..")) {
            throw new IllegalArgumentException(wrong(text, INTERFACE));
        }
        return text;
    }

    /** @return 6 bytes */
    static byte[] mac(String text) {
        if (!MAC_ADDRESS.matcher(text).matches()) {
            throw new IllegalArgumentException(wrong(text, MAC));
        }
        byte[] bytes = new byte[6];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) Integer.parseInt(text.substring(3 * i, 3 * i + 2), 16);
        }
        return bytes;
    }

    private static String wrong(String found, String expected) {
        return "found \"" + found + "\", expected " + expected;
    }
}
