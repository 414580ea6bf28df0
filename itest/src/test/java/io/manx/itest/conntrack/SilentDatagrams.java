package io.manx.itest.conntrack;

import io.manx.testkit.PacketBuilder;
import io.manx.testkit.Packets;
import java.net.InetAddress;
import java.util.List;
import java.util.random.RandomGenerator;

/** UDP and echoes, silent in each state. After the silence the server comes first: what is no flow any more, policy denies it. */
final class SilentDatagrams {
    private final RandomGenerator random;
    private final boolean v6;
    private final InetAddress client;
    private final Peer server;
    private final int clientPort;

    SilentDatagrams(RandomGenerator random) {
        this.random = random;
        v6 = random.nextInt(4) == 0;
        client = Hosts.client(v6, random);
        server = Peer.open(random, v6);
        clientPort = random.nextInt(1024, 65536);
    }

    SilentDraft unanswered() {
        return new SilentDraft(random.nextBoolean() ? List.of(ask()) : List.of(ask(), ask()), List.of(answer(), ask()));
    }

    SilentDraft answered() {
        return new SilentDraft(List.of(ask(), answer()), List.of(answer(), ask()));
    }

    SilentDraft goingOn() {
        return new SilentDraft(List.of(ask(), answer(), ask(), answer()), List.of(answer(), ask()));
    }

    /** To the kernel it is one after two seconds. */
    SilentDraft stream() {
        return new SilentDraft(List.of(ask(), answer()), List.of(ask(), answer()), List.of(answer(), ask()));
    }

    SilentDraft echo() {
        int identifier = random.nextInt(65536);
        Step request = echo(Side.CLIENT, Event.ECHO_REQUEST, identifier);
        Step reply = echo(Side.SERVER, Event.ECHO_REPLY, identifier);
        return new SilentDraft(random.nextBoolean() ? List.of(request) : List.of(request, reply), List.of(reply, request));
    }

    private Step ask() {
        return step(Side.CLIENT, Event.UDP_REQUEST, Packets.udp(client, clientPort, server.seen(), server.seenPort()), clientPort + ">" + server);
    }

    private Step answer() {
        return step(Side.SERVER, Event.UDP_REPLY, Packets.udp(server.address(), server.port(), client, clientPort), server + ">" + clientPort);
    }

    private Step echo(Side from, Event event, int identifier) {
        boolean asks = from == Side.CLIENT;
        PacketBuilder echo = Packets.icmpEcho(asks ? client : server.address(), asks ? server.address() : client, identifier, 1);
        return step(from, event, asks ? echo : echo.reply(), "identifier " + identifier);
    }

    private Step step(Side from, Event event, PacketBuilder packet, String text) {
        byte[] frame = packet.payload(random.nextInt(1, 500)).identification(random.nextInt(65536)).build();
        return new Step(from, event, Frames.family(frame) + " " + text, Frames.addressed(frame, from));
    }
}
