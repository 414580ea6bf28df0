package io.manx.itest.conntrack;

import io.manx.testkit.PacketBuilder;
import io.manx.testkit.Packets;
import java.util.List;
import java.util.random.RandomGenerator;

/** A connection into which somebody puts segments of theirs; honest ones follow, which shows what came of it. */
final class HostileScenarios {
    private static final String[][] NONSENSE = {
        {"SYN", "FIN"}, {}, {"FIN", "PSH", "URG"}, {"SYN", "RST"}, {"FIN"}, {"FIN", "RST", "ACK"}, {"PSH"}, {"URG"},
        {"SYN", "FIN", "ACK"}, {"FIN", "SYN", "RST", "PSH", "ACK", "URG"}, {"SYN", "URG"}, {"SYN", "PSH"}
    };
    /** More than the kernel takes for granted of a window that it has not seen. */
    private static final int FAR = 1 << 26;

    private final RandomGenerator random;
    private final TcpConversation talk;

    private HostileScenarios(RandomGenerator random) {
        this.random = random;
        talk = new TcpConversation(random, v6 -> Peer.open(random, v6));
    }

    static List<Step> hostile(RandomGenerator random) {
        HostileScenarios scenario = new HostileScenarios(random);
        scenario.run();
        return scenario.talk.steps();
    }

    private void run() {
        talk.open();
        for (int rounds = 1 + random.nextInt(3); rounds > 0; rounds--) {
            honest();
            attack(talk.either());
        }
        honest();
        if (random.nextBoolean()) {
            afterTheEnd();
        }
    }

    private void honest() {
        for (int i = random.nextInt(1, 4); i > 0; i--) {
            TcpEnd end = talk.either();
            int most = Math.min(1400, talk.roomFor(end));
            if (most > 0) {
                talk.data(end, random.nextInt(1, most + 1));
                talk.ack(talk.other(end));
            }
        }
    }

    private void attack(TcpEnd from) {
        int room = talk.roomFor(from);
        switch (random.nextInt(15)) {
            case 0 -> data(from, Event.DATA_FAR_AHEAD, from.next + FAR + random.nextInt(1 << 20));
            case 1 -> data(from, Event.DATA_NEAR_EDGE, from.next + room + random.nextInt(-200, 200));
            case 2 -> data(from, Event.DATA_OLD, from.next - FAR);
            case 3 -> ack(from, Event.ACK_UNSENT, from.expects + FAR);
            case 4 -> ack(from, Event.ACK_OLD, from.expects - FAR);
            case 5 -> reset(from, Event.RESET_FAR, from.next + FAR);
            case 6 -> reset(from, Event.RESET_NEAR, from.next + 1 + random.nextInt(Math.max(1, room)));
            case 7 -> reset(from, Event.RESET_OLD, from.next - random.nextInt(1, FAR));
            case 8 -> talk.synAt(from, Event.SYN_OVER_LIVE, random.nextInt());
            case 9 -> talk.synAt(from, Event.SYN_OVER_LIVE, from.next);
            case 10 -> talk.send(from, Event.SYN_ACK_ASTRAY, random.nextInt(), from.expects, 0, "SYN", "ACK");
            case 11, 12 -> nonsense(from);
            default -> badChecksum(from);
        }
    }

    private void data(TcpEnd from, Event event, int sequence) {
        talk.send(from, event, sequence, from.expects, random.nextInt(1, 200), "ACK");
    }

    private void ack(TcpEnd from, Event event, int acknowledgement) {
        talk.send(from, event, from.next, acknowledgement, 0, "ACK");
    }

    private void reset(TcpEnd from, Event event, int sequence) {
        if (random.nextBoolean()) {
            talk.send(from, event, sequence, 0, 0, "RST");
        } else {
            talk.send(from, event, sequence, from.expects, 0, "RST", "ACK");
        }
    }

    private void nonsense(TcpEnd from) {
        String[] flags = NONSENSE[random.nextInt(NONSENSE.length)];
        talk.send(from, Event.FLAG_NONSENSE, from.next, from.expects, 0, flags);
    }

    private void badChecksum(TcpEnd from) {
        PacketBuilder segment = talk.segment(from, from.next, from.expects).flags("ACK").payload(10);
        byte[] frame = segment.build();
        int checksum = frame.length - 10 - 4;
        talk.add(from, Event.BAD_CHECKSUM, Packets.with(frame, checksum, frame[checksum] ^ 0x55), "checksum wrong");
    }

    /** Segments of an end that has said it sends no more. */
    private void afterTheEnd() {
        TcpEnd end = talk.either();
        if (random.nextBoolean()) {
            talk.fin(end);
            talk.ack(talk.other(end));
            talk.send(end, Event.DATA_AFTER_FIN, end.next, end.expects, 100, "ACK");
        } else {
            talk.send(end, Event.RESET, end.next, end.expects, 0, "RST", "ACK");
            TcpEnd late = talk.either();
            talk.send(late, Event.DATA_AFTER_RESET, late.next, late.expects, 100, "ACK");
        }
    }
}
