package io.manx.itest.conntrack;

import java.nio.ByteBuffer;
import java.util.List;

/** What a scenario's segments have told by a step, worked out from the frames themselves. */
final class TcpHistory {
    private static final int SYN = 2;
    private static final int SCALE_OPTION = 3;
    /** The largest window of these scenarios, bytes. */
    private static final int REACH = 1 << 24;

    private final List<Step> before;
    private final Step last;

    TcpHistory(Difference difference) {
        before = difference.scenario().steps().subList(0, difference.at());
        last = difference.step();
    }

    /** Where its sender has long gone on: further behind than the far end has ever offered to take. */
    boolean isOlderThanAWindow() {
        ByteBuffer segment = tcp(last);
        int end = segment.getInt(4) + bytes(segment);
        return before.stream()
                .filter(step -> step.from() == last.from())
                .map(TcpHistory::tcp)
                .anyMatch(sent -> sent.getInt(4) + bytes(sent) - largestWindow(last.from().other()) - end >= 0);
    }

    /** Whether the client began again with a number that its connection before had used, or might have used unseen. */
    boolean comesBackWithinOldNumbers() {
        int again = -1;
        for (int i = 0; i < before.size(); i++) {
            again = before.get(i).event() == Event.SYN_REUSE ? i : again;
        }
        if (again < 0) {
            return false;
        }
        int first = tcp(before.get(again)).getInt(4);
        int end = before.subList(0, again).stream()
                .filter(step -> step.from() == Side.CLIENT && step.event() != Event.SYN_REUSE)
                .map(TcpHistory::tcp)
                .mapToInt(sent -> sent.getInt(4) + bytes(sent) - first)
                .max()
                .orElse(-1);
        return end >= 0 && end < REACH;
    }

    private int largestWindow(Side side) {
        int scale = scale(side) >= 0 && scale(side.other()) >= 0 ? scale(side) : 0;
        return before.stream()
                .filter(step -> step.from() == side)
                .map(TcpHistory::tcp)
                .mapToInt(segment -> (segment.getShort(14) & 0xffff) << (isSyn(segment) ? 0 : scale))
                .max()
                .orElse(0);
    }

    /** -1: its SYN had none. */
    private int scale(Side side) {
        return before.stream()
                .filter(step -> step.from() == side && isSyn(tcp(step)))
                .mapToInt(step -> scaleOption(tcp(step)))
                .findFirst()
                .orElse(-1);
    }

    private static int scaleOption(ByteBuffer segment) {
        for (int at = 20; at + 2 < header(segment); at += Math.max(1, segment.get(at) > 1 ? segment.get(at + 1) : 1)) {
            if (segment.get(at) == SCALE_OPTION) {
                return segment.get(at + 2);
            }
        }
        return -1;
    }

    private static boolean isSyn(ByteBuffer segment) {
        return (segment.get(13) & SYN) != 0;
    }

    private static int header(ByteBuffer segment) {
        return (segment.get(12) >> 4 & 0xf) * 4;
    }

    private static int bytes(ByteBuffer segment) {
        return segment.capacity() - header(segment);
    }

    /** From the TCP header on. */
    private static ByteBuffer tcp(Step step) {
        byte[] frame = step.frames().get(0);
        int at = Frames.ETHERNET + (Frames.isV6(frame) ? 40 : 20);
        return ByteBuffer.wrap(frame, at, frame.length - at).slice();
    }
}
