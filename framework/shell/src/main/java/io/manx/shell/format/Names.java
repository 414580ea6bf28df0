package io.manx.shell.format;

import java.util.Locale;

/** Names of record components, as users see them. */
final class Names {
    private Names() {}

    /** The component's name; {@code interfaceName} is {@code interface}, which Java does not allow as a name. */
    static String of(String component) {
        return component.equals("interfaceName") ? "interface" : component;
    }

    /** A column's heading: {@code programId} is {@code PROGRAM ID}. */
    static String heading(String component) {
        return of(component).replaceAll("(?<=[a-z0-9])(?=[A-Z])", " ").toUpperCase(Locale.ROOT);
    }
}
