package io.manx.policy;

/** Where an interface's policies are asked: as {@code enum policy_point} in endpoints.h. */
enum Point {
    IN_LOCAL,
    IN_FORWARD,
    OUT_FORWARD,
    OUT_LOCAL;

    /** Its place among the programs of an endpoint. */
    int place(int ipVersion) {
        return 2 * ordinal() + (ipVersion == 4 ? 0 : 1);
    }

    boolean in() {
        return this == IN_LOCAL || this == IN_FORWARD;
    }

    boolean forward() {
        return this == IN_FORWARD || this == OUT_FORWARD;
    }
}
