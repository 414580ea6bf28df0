package io.manx.resources.yaml;

import io.manx.api.resource.Cidr;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;

/** Addresses and prefixes as text. Never asks a name server; every error is an IllegalArgumentException. */
final class Addresses {
    static final String ADDRESS = "an IPv4 or IPv6 address such as 10.0.0.1 or fd00::1";
    static final String PREFIX = "an IPv4 or IPv6 prefix such as 10.0.0.0/8 or fd00::/8";

    private static final String OCTET = "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
    private static final Pattern V4 = Pattern.compile(OCTET + "(\\." + OCTET + "){3}");
    private static final Pattern V6 = Pattern.compile("[0-9a-fA-F:]*:[0-9a-fA-F:.]*");
    private static final Pattern LENGTH = Pattern.compile("0|[1-9][0-9]{0,2}");

    private Addresses() {}

    static InetAddress address(String text) {
        return address(text, text, ADDRESS);
    }

    /** A prefix, or an address alone, which is a prefix of full length. Bits beyond the length are cleared. */
    static Cidr prefix(String text) {
        int slash = text.indexOf('/');
        InetAddress address = address(slash < 0 ? text : text.substring(0, slash), text, PREFIX);
        int bits = address.getAddress().length * 8;
        if (slash < 0) {
            return new Cidr(address, bits);
        }
        String length = text.substring(slash + 1);
        if (!LENGTH.matcher(length).matches() || Integer.parseInt(length) > bits) {
            throw new IllegalArgumentException(
                    "found \"" + text + "\", expected " + PREFIX + ": the length must be from 0 to " + bits);
        }
        return new Cidr(masked(address, Integer.parseInt(length)), Integer.parseInt(length));
    }

    /** A prefix of one address only. */
    static Cidr single(String text) {
        Cidr prefix = prefix(text);
        int bits = prefix.address().getAddress().length * 8;
        if (prefix.length() != bits) {
            throw new IllegalArgumentException(
                    "found \"" + text + "\", expected a single address, alone or with /" + bits);
        }
        return prefix;
    }

    private static InetAddress address(String text, String whole, String expected) {
        if (V4.matcher(text).matches() || V6.matcher(text).matches()) {
            try {
                InetAddress address = InetAddress.getByName(text);
                if (text.indexOf(':') < 0 || address.getAddress().length == 16) {
                    return address;
                }
                throw new IllegalArgumentException(
                        "found \"" + whole + "\", expected " + address.getHostAddress() + ": IPv4 is written as IPv4");
            } catch (UnknownHostException e) {
                throw new IllegalArgumentException("found \"" + whole + "\", expected " + expected, e);
            }
        }
        throw new IllegalArgumentException("found \"" + whole + "\", expected " + expected);
    }

    private static InetAddress masked(InetAddress address, int length) {
        byte[] bytes = address.getAddress();
        for (int bit = length; bit < bytes.length * 8; bit++) {
            bytes[bit / 8] &= (byte) ~(0x80 >> bit % 8);
        }
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address of " + bytes.length + " bytes", e);
        }
    }
}
