package io.manx.fastpath;

/**
 * How a packet comes into a chain.
 *
 * @param egress the host's stack sends it; else it comes in by the interface
 * @param packetType as {@code skb->pkt_type}; 0: for this host
 * @param vlan the tag that the kernel holds of it; 0: none
 * @param bytes that it is cut to, where the test run takes none so short; 0: as it is
 * @param verified its L4 checksum is known to be right
 * @param summed the kernel holds a sum of the packet, as of a device that gave one
 * @param gso bytes of each segment that it stands for; 0: it is one packet
 */
record Start(boolean egress, int packetType, int vlan, int bytes, boolean verified, int gso, int mark, boolean summed) {
    static final Start PLAIN = new Start(false, 0, 0, 0, false, 0, 0, false);

    static Start onEgress() {
        return new Start(true, 0, 0, 0, false, 0, 0, false);
    }

    static Start ofType(int packetType) {
        return new Start(false, packetType, 0, 0, false, 0, 0, false);
    }

    static Start tagged(int vlan) {
        return new Start(false, 0, vlan, 0, false, 0, 0, false);
    }

    static Start cutTo(int bytes) {
        return new Start(false, 0, 0, bytes, false, 0, 0, false);
    }

    static Start verifiedSum() {
        return new Start(false, 0, 0, 0, true, 0, 0, false);
    }

    static Start segmentsOf(int gso) {
        return new Start(false, 0, 0, 0, false, gso, 0, false);
    }

    static Start marked(int mark) {
        return new Start(false, 0, 0, 0, false, 0, mark, false);
    }

    static Start bySummingDevice() {
        return new Start(false, 0, 0, 0, false, 0, 0, true);
    }
}
