package io.manx.itest.conntrack;

import java.util.random.RandomGenerator;

/** Connections that are silent in each state; what comes after may be of either end. */
final class SilentTcp {
    private static final int BYTES = 100;

    private final RandomGenerator random;
    private final TcpConversation talk;
    private final TcpEnd first;
    private final TcpEnd second;

    SilentTcp(RandomGenerator random) {
        this.random = random;
        talk = new TcpConversation(random, v6 -> Peer.open(random, v6));
        /* Room for all that is sent. */
        talk.client.window = talk.server.window = 30000;
        first = talk.either();
        second = talk.other(first);
    }

    SilentDraft synSent() {
        talk.syn(talk.client, Event.SYN);
        int opened = opened();
        talk.synAck(talk.server);
        talk.ack(talk.client);
        return cut(opened);
    }

    SilentDraft synReceived() {
        talk.syn(talk.client, Event.SYN);
        talk.synAck(talk.server);
        int opened = opened();
        if (random.nextBoolean()) {
            talk.synAck(talk.server);
        }
        talk.ack(talk.client);
        return cut(opened);
    }

    SilentDraft established() {
        talk();
        int opened = opened();
        talk.data(first, BYTES);
        talk.ack(second);
        return cut(opened);
    }

    SilentDraft unacknowledged() {
        talk();
        talk.data(first, BYTES);
        int opened = opened();
        talk.ack(second);
        return cut(opened);
    }

    SilentDraft windowClosed() {
        talk();
        first.window = 0;
        talk.ack(first, Event.WINDOW_CHANGE);
        int opened = opened();
        first.window = 30000;
        talk.ack(first, Event.WINDOW_CHANGE);
        talk.data(second, BYTES);
        return cut(opened);
    }

    SilentDraft halfClosed() {
        talk();
        talk.fin(first);
        if (random.nextBoolean()) {
            talk.ack(second);
        }
        int opened = opened();
        talk.data(second, BYTES);
        talk.ack(first);
        return cut(opened);
    }

    SilentDraft closing() {
        talk();
        talk.fin(first);
        talk.ack(second);
        talk.fin(second);
        int opened = opened();
        talk.ack(first);
        return cut(opened);
    }

    SilentDraft closed() {
        talk();
        talk.fin(first);
        talk.ack(second);
        talk.fin(second);
        talk.ack(first);
        int opened = opened();
        talk.send(second, Event.RETRANSMISSION, second.next - 1, second.expects, 0, "FIN", "ACK");
        talk.ack(first);
        return cut(opened);
    }

    SilentDraft reset() {
        talk();
        talk.send(first, Event.RESET, first.next, first.expects, 0, "RST", "ACK");
        int opened = opened();
        talk.ack(second);
        return cut(opened);
    }

    /** All is acknowledged. */
    private void talk() {
        talk.open();
        talk.data(talk.client, BYTES);
        talk.ack(talk.server);
        talk.data(talk.server, BYTES);
        talk.ack(talk.client);
    }

    private int opened() {
        return talk.steps().size();
    }

    private SilentDraft cut(int opened) {
        return SilentDraft.of(talk.steps(), opened);
    }
}
