package io.manx.itest.conntrack;

import java.util.random.RandomGenerator;

/** What is between the ends and the interfaces by which a gateway routes. */
enum Wire {
    /** Nothing: Manx is where the kernel routes. */
    PORT,
    /** A port with a VLAN, of which the kernel routes the frames without their tags; Manx is on the port, and sees them. */
    TRUNK,
    TRUNK_TWICE;

    boolean isTrunk() {
        return this != PORT;
    }

    /** What frames of a scenario carry. */
    Tags tags(RandomGenerator random) {
        return switch (this) {
            case PORT -> Tags.onPort(random);
            case TRUNK -> Tags.VLAN;
            case TRUNK_TWICE -> Tags.VLAN_TWICE;
        };
    }

    /** The interface that the ends' cable goes into. @param device c or s, by which the kernel routes */
    String port(String device) {
        return isTrunk() ? device + "p" : device;
    }
}
