package io.manx.conntrack;

import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/** Protocols by name and by IANA number. */
final class Protocols {
    private static final Map<String, Integer> NUMBERS =
            Map.of("icmp", 1, "tcp", 6, "udp", 17, "icmpv6", 58, "sctp", 132);
    private static final int MOST = 255;
    private static final String[] NAMES = names();

    private Protocols() {}

    private static String[] names() {
        String[] names = IntStream.rangeClosed(0, MOST).mapToObj(Integer::toString).toArray(String[]::new);
        NUMBERS.forEach((name, number) -> names[number] = name);
        return names;
    }

    /** @param number 0 to 255. @return the number itself where it has no name here. */
    static String name(int number) {
        return NAMES[number];
    }

    /** @throws IllegalArgumentException neither a name nor a number from 0 to 255 */
    static int number(String text) {
        Integer named = NUMBERS.get(text.toLowerCase(Locale.ROOT));
        if (named != null) {
            return named;
        }
        if (text.matches("\\d{1,3}") && Integer.parseInt(text) <= MOST) {
            return Integer.parseInt(text);
        }
        throw new IllegalArgumentException(
                "'" + text + "' is no protocol: expected tcp, udp, icmp, icmpv6, sctp or a number from 0 to 255");
    }
}
