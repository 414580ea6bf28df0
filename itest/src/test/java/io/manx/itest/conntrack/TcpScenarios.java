package io.manx.itest.conntrack;

import java.util.List;
import java.util.random.RandomGenerator;

/** TCP connections of honest ends: opened, used, closed or reset in every way that a stack may. */
final class TcpScenarios {
    private final RandomGenerator random;
    private final TcpConversation talk;

    private TcpScenarios(RandomGenerator random) {
        this.random = random;
        talk = new TcpConversation(random, v6 -> Peer.open(random, v6));
    }

    static List<Step> honest(RandomGenerator random) {
        TcpScenarios scenario = new TcpScenarios(random);
        scenario.life();
        if (random.nextInt(3) == 0) {
            scenario.reuse();
        }
        return scenario.talk.steps();
    }

    /** Begins in its middle, from the client's or the server's side. */
    static List<Step> pickedUp(RandomGenerator random) {
        TcpScenarios scenario = new TcpScenarios(random);
        TcpConversation talk = scenario.talk;
        TcpEnd first = random.nextInt(4) == 0 ? talk.server : talk.client;
        talk.client.next += 1000;
        talk.server.next += 2000;
        talk.client.expects = talk.server.next;
        talk.server.expects = talk.client.next;
        /* What it offered is not known to who has not seen it: it is taken to be little. */
        talk.client.edge = talk.client.expects + 1000;
        talk.server.edge = talk.server.expects + 1000;
        talk.send(first, Event.MID_FLOW, first.next, first.expects, random.nextInt(3) * 100, "ACK");
        scenario.talkOn(2 + random.nextInt(8));
        scenario.end();
        return talk.steps();
    }

    /** What policy denies: a port, or a connection that the server opens. */
    static List<Step> denied(RandomGenerator random) {
        boolean fromServer = random.nextBoolean();
        int port = fromServer ? random.nextInt(1024, 65536) : Hosts.closedPort(random);
        TcpConversation talk = new TcpConversation(random, v6 -> Peer.direct(v6, port));
        TcpEnd first = fromServer ? talk.server : talk.client;
        TcpEnd second = talk.other(first);
        talk.syn(first, fromServer ? Event.FROM_SERVER_UNASKED : Event.SYN_DENIED);
        if (random.nextBoolean()) {
            talk.synAck(second);
        }
        if (random.nextInt(3) == 0) {
            talk.ack(first);
        }
        return talk.steps();
    }

    static List<Step> openedByBoth(RandomGenerator random) {
        TcpScenarios scenario = new TcpScenarios(random);
        TcpConversation talk = scenario.talk;
        talk.syn(talk.client, Event.SYN);
        talk.syn(talk.server, Event.SIMULTANEOUS_OPEN);
        if (random.nextBoolean()) {
            talk.synAck(talk.server);
            talk.synAck(talk.client);
        } else {
            talk.synAck(talk.client);
            talk.synAck(talk.server);
        }
        scenario.talkOn(random.nextInt(6));
        scenario.end();
        return talk.steps();
    }

    private void life() {
        talk.open();
        talkOn(random.nextInt(12));
        end();
    }

    private void reuse() {
        talk.begin();
        talk.syn(talk.client, Event.SYN_REUSE);
        if (random.nextInt(4) == 0) {
            talk.send(talk.server, Event.RESET, 0, talk.server.expects, 0, "RST", "ACK");
            talk.begin();
            talk.syn(talk.client, Event.SYN_REUSE);
        }
        talk.synAck(talk.server);
        talk.ack(talk.client);
        talkOn(random.nextInt(5));
    }

    void talkOn(int events) {
        for (int i = 0; i < events; i++) {
            turn(talk.either());
        }
    }

    private void turn(TcpEnd end) {
        switch (random.nextInt(11)) {
            case 0, 1, 2, 3 -> data(end);
            case 4, 5 -> talk.ack(end);
            case 6 -> retransmit(end);
            case 7 -> outOfOrder(end);
            case 8 -> newWindow(end);
            case 9 -> crossedByASmallerWindow(end);
            default -> keepAlive(end);
        }
    }

    /** No more than the far end offers: an honest end sends nothing that it must not. */
    private void data(TcpEnd end) {
        int most = Math.min(1400, talk.roomFor(end));
        if (!end.finSent && most > 0) {
            talk.data(end, random.nextInt(1, most + 1));
            if (random.nextBoolean()) {
                talk.ack(talk.other(end));
            }
        }
    }

    private void retransmit(TcpEnd end) {
        if (end.lastBytes > 0) {
            talk.send(end, Event.RETRANSMISSION, end.lastSequence, end.expects, end.lastBytes, "ACK", "PSH");
        }
    }

    /** The second of two segments comes first. */
    private void outOfOrder(TcpEnd end) {
        int half = Math.min(1000, talk.roomFor(end)) / 2;
        if (!end.finSent && half > 0) {
            talk.send(end, Event.OUT_OF_ORDER, end.next + half, end.expects, half, "ACK");
            talk.send(talk.other(end), Event.ACK, talk.other(end).next, talk.other(end).expects, 0, "ACK");
            talk.send(end, Event.OUT_OF_ORDER, end.next, end.expects, half, "ACK");
            end.next += 2 * half;
            talk.other(end).expects = end.next;
            talk.ack(talk.other(end));
        }
    }

    /** It takes less, nothing, or more again; data that is under way stays inside: none is. */
    private void newWindow(TcpEnd end) {
        end.window = random.nextInt(4) == 0 ? 0 : random.nextInt(65536);
        talk.ack(end, Event.WINDOW_CHANGE);
    }

    /** Data that the far end has offered to take is under way while it takes its offer back. */
    private void crossedByASmallerWindow(TcpEnd end) {
        int room = Math.min(1400, talk.roomFor(end));
        if (!end.finSent && room > 0) {
            TcpEnd far = talk.other(end);
            far.window = random.nextInt(far.window / 2 + 1);
            talk.ack(far, Event.WINDOW_CHANGE);
            talk.data(end, random.nextInt(1, room + 1));
            talk.ack(far);
        }
    }

    /** One byte before the next, which the far end acknowledges again. */
    private void keepAlive(TcpEnd end) {
        if (!end.finSent) {
            talk.send(end, Event.KEEPALIVE, end.next - 1, end.expects, random.nextInt(2), "ACK");
            talk.ack(talk.other(end));
        }
    }

    void end() {
        TcpEnd first = talk.either();
        TcpEnd second = talk.other(first);
        switch (random.nextInt(5)) {
            case 0 -> reset(first);
            case 1 -> closeBoth(first, second);
            case 2, 3 -> closeInTurn(first, second);
            default -> {
                /* It stays open. */
            }
        }
    }

    private void reset(TcpEnd from) {
        if (random.nextBoolean()) {
            talk.send(from, Event.RESET, from.next, from.expects, 0, "RST", "ACK");
        } else {
            talk.send(from, Event.RESET, from.next, 0, 0, "RST");
        }
    }

    /** Both FINs are under way at once. */
    private void closeBoth(TcpEnd first, TcpEnd second) {
        int expected = first.expects;
        talk.fin(first);
        talk.send(second, Event.FIN, second.next, second.expects - 1, 0, "FIN", "ACK");
        second.finSent = true;
        second.next++;
        first.expects = second.next;
        talk.ack(first);
        talk.ack(second);
        if (random.nextBoolean()) {
            talk.send(first, Event.RETRANSMISSION, first.next - 1, expected, 0, "FIN", "ACK");
        }
    }

    /** One closes, the other may go on sending for a while. */
    private void closeInTurn(TcpEnd first, TcpEnd second) {
        talk.fin(first);
        talk.ack(second);
        for (int i = random.nextInt(4); i > 0; i--) {
            data(second);
        }
        talk.fin(second);
        if (random.nextInt(4) == 0) {
            talk.send(second, Event.RETRANSMISSION, second.next - 1, second.expects, 0, "FIN", "ACK");
        }
        talk.ack(first);
        if (random.nextInt(4) == 0) {
            talk.ack(first);
        }
    }
}
