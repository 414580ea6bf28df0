package io.manx.shell.format;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/** Addresses in their usual form; IPv6 as RFC 5952 wants it, with its longest run of zeros left out. */
public final class AddressWords {
    private static final int GROUPS = 8;

    private AddressWords() {}

    public static String of(InetAddress address) {
        if (!(address instanceof Inet6Address)) {
            return address.getHostAddress();
        }
        byte[] bytes = address.getAddress();
        List<String> groups = new ArrayList<>(GROUPS);
        for (int i = 0; i < bytes.length; i += 2) {
            groups.add(Integer.toHexString((bytes[i] & 0xff) << 8 | bytes[i + 1] & 0xff));
        }
        int start = longestZeros(groups);
        int length = start < 0 ? 0 : zerosFrom(groups, start);
        return length < 2
                ? String.join(":", groups)
                : String.join(":", groups.subList(0, start))
                        + "::"
                        + String.join(":", groups.subList(start + length, GROUPS));
    }

    private static int longestZeros(List<String> groups) {
        int best = -1;
        for (int i = 0; i < GROUPS; i++) {
            if (zerosFrom(groups, i) > (best < 0 ? 0 : zerosFrom(groups, best))) {
                best = i;
            }
        }
        return best;
    }

    private static int zerosFrom(List<String> groups, int start) {
        int end = start;
        while (end < GROUPS && groups.get(end).equals("0")) {
            end++;
        }
        return end - start;
    }
}
