package io.manx.itest.conntrack;

import io.manx.testkit.Packets;
import java.net.InetAddress;
import java.util.List;
import java.util.random.RandomGenerator;

/** Packets of a protocol without ports: its flows are known by their addresses. */
final class SilentProtocol {
    /** To GRE: no key, IPv4 inside. */
    private static final byte[] BODY = {0, 0, 8, 0, 1, 2, 3, 4};

    private final Event event;
    private final int protocol;
    private final boolean v6;
    private final InetAddress client;

    SilentProtocol(Event event, int protocol, int client, boolean v6) {
        this.event = event;
        this.protocol = protocol;
        this.v6 = v6;
        this.client = Hosts.client(v6, client);
    }

    SilentDraft answeredOnceAtMost(RandomGenerator random) {
        Step question = send(Side.CLIENT);
        Step answer = send(Side.SERVER);
        return new SilentDraft(random.nextBoolean() ? List.of(question) : List.of(question, answer), List.of(answer, question));
    }

    SilentDraft goingOn() {
        Step question = send(Side.CLIENT);
        Step answer = send(Side.SERVER);
        return new SilentDraft(List.of(question, answer, question), List.of(answer, question));
    }

    private Step send(Side from) {
        boolean asks = from == Side.CLIENT;
        byte[] frame = Packets.ip(asks ? client : Hosts.server(v6), asks ? Hosts.server(v6) : client, protocol, BODY).build();
        return new Step(from, event, Frames.family(frame) + " protocol " + protocol, Frames.addressed(frame, from));
    }
}
