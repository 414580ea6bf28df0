package io.manx.itest.conntrack;

import java.nio.ByteBuffer;

/** A segment in a line: numbers are counted from each end's first. */
final class TcpText {
    private static final String[] FLAGS = {"FIN", "SYN", "RST", "PSH", "ACK", "URG"};
    private static final int ETHERNET = 14;

    private TcpText() {}

    /** @param frame without VLAN tags, options and extension headers */
    static String of(byte[] frame, int first, int theirFirst) {
        boolean v6 = frame[ETHERNET] >>> 4 == 6;
        ByteBuffer tcp = ByteBuffer.wrap(frame);
        int at = ETHERNET + (v6 ? 40 : 20);
        StringBuilder text = new StringBuilder(v6 ? "v6" : "v4");
        for (int i = 0; i < FLAGS.length; i++) {
            if ((tcp.get(at + 13) & 1 << i) != 0) {
                text.append(' ').append(FLAGS[i]);
            }
        }
        text.append(" seq ").append(tcp.getInt(at + 4) - first);
        text.append(" ack ").append(tcp.getInt(at + 8) - theirFirst);
        text.append(" window ").append(tcp.getShort(at + 14) & 0xffff);
        text.append(" ports ").append(tcp.getShort(at) & 0xffff).append('>').append(tcp.getShort(at + 2) & 0xffff);
        int headerBytes = (tcp.get(at + 12) >> 4 & 0xf) * 4;
        for (int option = at + 20; option + 2 < at + headerBytes; option++) {
            if (tcp.get(option) == 3 && tcp.get(option + 1) == 3) {
                text.append(" scale ").append(tcp.get(option + 2));
            }
        }
        return text.toString();
    }
}
