package io.manx.itest.conntrack;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What came out of a gateway, so that two can be compared: fragments are put together, since one gateway may cut where
 * the other does not; hops and the header checksum that follows from them are left out.
 *
 * @param whole packets from layer 3 on, and layer 4 of each datagram that was in fragments; as hexadecimal digits
 * @param incomplete datagrams of which fragments came, but not all
 * @param answers what the gateway told the sender: type and code of each ICMP message
 */
record Delivered(List<String> whole, int incomplete, List<String> answers) {
    private static final int IP = Frames.ETHERNET;
    private static final int V6_HEADER = 40;
    private static final int V6_FRAGMENT = 44;

    static Delivered of(Gateway.Passed passed) {
        List<String> whole = new ArrayList<>();
        Map<Integer, Reassembly> trains = new TreeMap<>();
        for (byte[] frame : passed.out()) {
            if (Frames.isV4(frame)) {
                ipv4(frame, whole, trains);
            } else if (Frames.isV6(frame)) {
                ipv6(frame, whole, trains);
            } else {
                whole.add(HexFormat.of().formatHex(frame));
            }
        }
        trains.values().stream().filter(Reassembly::isWhole).forEach(train -> whole.add(train.hex()));
        whole.sort(null);
        int incomplete = (int) trains.values().stream().filter(train -> !train.isWhole()).count();
        return new Delivered(whole, incomplete, passed.back().stream().map(Delivered::answer).sorted().toList());
    }

    private static String answer(byte[] frame) {
        int at = IP + (Frames.isV4(frame) ? 20 : V6_HEADER);
        return "ICMP type " + (frame[at] & 0xff) + " code " + (frame[at + 1] & 0xff);
    }

    private static void ipv4(byte[] frame, List<String> whole, Map<Integer, Reassembly> trains) {
        byte[] ip = Frames.layer3(frame, Frames.shortAt(frame, IP + 2));
        int field = Frames.shortAt(ip, 6);
        if ((field & 0x3fff) == 0) {
            ip[8] = 0;
            ip[10] = 0;
            ip[11] = 0;
            whole.add(HexFormat.of().formatHex(ip));
            return;
        }
        trains.computeIfAbsent(Frames.shortAt(ip, 4), id -> new Reassembly())
                .add((field & 0x1fff) * 8, ip, (ip[0] & 0xf) * 4, (field & 0x2000) != 0);
    }

    private static void ipv6(byte[] frame, List<String> whole, Map<Integer, Reassembly> trains) {
        byte[] ip = Frames.layer3(frame, V6_HEADER + Frames.shortAt(frame, IP + 4));
        if (ip[6] != V6_FRAGMENT) {
            ip[7] = 0;
            whole.add(HexFormat.of().formatHex(ip));
            return;
        }
        int field = Frames.shortAt(ip, V6_HEADER + 2);
        int identification = Frames.shortAt(ip, V6_HEADER + 4) << 16 | Frames.shortAt(ip, V6_HEADER + 6);
        trains.computeIfAbsent(identification, id -> new Reassembly())
                .add(field & 0xfff8, ip, V6_HEADER + 8, (field & 1) != 0);
    }

    boolean isNothing() {
        return whole.isEmpty();
    }

    /** For a reader. */
    @Override
    public String toString() {
        String packets = whole.isEmpty() ? "nothing" : whole.size() + " whole";
        return packets + (incomplete == 0 ? "" : " and parts of " + incomplete) + (answers.isEmpty() ? "" : ", answering " + answers);
    }
}
