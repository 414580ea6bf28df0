package io.manx.policy;

import java.util.Locale;

/** What rules look at in a packet: the members of {@code struct policy_program}. */
enum Dimension {
    SOURCE,
    DESTINATION,
    SOURCE_PORT,
    DESTINATION_PORT;

    /** Its member's name. */
    String member() {
        return name().toLowerCase(Locale.ROOT);
    }
}
