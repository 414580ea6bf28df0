package io.manx.conntrack;

import java.util.Locale;

/** Names in C as they are in YAML. */
final class Names {
    private Names() {}

    /** {@code TCP_FINS_SEEN}: {@code tcpFinsSeen}. */
    static String camel(String constant) {
        StringBuilder camel = new StringBuilder();
        for (String word : constant.toLowerCase(Locale.ROOT).split("_")) {
            camel.append(camel.isEmpty() ? word : Character.toUpperCase(word.charAt(0)) + word.substring(1));
        }
        return camel.toString();
    }
}
