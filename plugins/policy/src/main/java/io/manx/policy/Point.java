package io.manx.policy;

import java.util.Locale;

/** Where an interface's policies are asked: the members of {@code struct policy_endpoint}. */
enum Point {
    IN_LOCAL,
    IN_FORWARD,
    OUT_FORWARD,
    OUT_LOCAL;

    /** Its member's name. */
    String member() {
        return name().toLowerCase(Locale.ROOT);
    }

    boolean in() {
        return this == IN_LOCAL || this == IN_FORWARD;
    }

    boolean forward() {
        return this == IN_FORWARD || this == OUT_FORWARD;
    }
}
