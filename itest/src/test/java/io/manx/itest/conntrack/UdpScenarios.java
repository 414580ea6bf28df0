package io.manx.itest.conntrack;

import io.manx.testkit.PacketBuilder;
import io.manx.testkit.Packets;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** Datagrams: asked and answered, asked only, and what nobody asked for. */
final class UdpScenarios {
    private final RandomGenerator random;
    private final InetAddress client;
    private final boolean v6;
    private final int clientPort;
    private final List<Step> steps = new ArrayList<>();

    private UdpScenarios(RandomGenerator random) {
        this.random = random;
        v6 = random.nextInt(4) == 0;
        client = Hosts.client(v6, random);
        clientPort = random.nextInt(1024, 65536);
    }

    static List<Step> scenario(RandomGenerator random) {
        UdpScenarios scenario = new UdpScenarios(random);
        switch (random.nextInt(5)) {
            case 0, 1 -> scenario.talk(Peer.open(random, scenario.v6));
            case 2 -> scenario.askOnly(Peer.open(random, scenario.v6));
            case 3 -> scenario.denied(Peer.direct(scenario.v6, Hosts.closedPort(random)));
            default -> scenario.unasked(Peer.direct(scenario.v6, random.nextInt(1024, 65536)));
        }
        return scenario.steps;
    }

    private void talk(Peer server) {
        ask(server, Event.UDP_REQUEST);
        for (int i = random.nextInt(8); i > 0; i--) {
            if (random.nextBoolean()) {
                ask(server, Event.UDP_REQUEST);
            } else {
                answer(server.port(), clientPort, Event.UDP_REPLY);
            }
        }
        /* Another port of the same server's is no part of the flow. */
        if (random.nextBoolean()) {
            answer(server.port() + 1000, clientPort, Event.UDP_UNASKED);
            answer(server.port(), clientPort ^ 1, Event.UDP_UNASKED);
        }
        if (random.nextInt(3) == 0) {
            add(Side.CLIENT, Event.BAD_CHECKSUM, broken(Packets.udp(client, clientPort, server.seen(), server.seenPort())), "checksum wrong");
        }
    }

    private void askOnly(Peer server) {
        for (int i = random.nextInt(1, 5); i > 0; i--) {
            ask(server, Event.UDP_REQUEST);
        }
    }

    private void denied(Peer server) {
        ask(server, Event.UDP_DENIED);
        answer(server.port(), clientPort, Event.UDP_UNASKED);
        ask(server, Event.UDP_DENIED);
    }

    private void unasked(Peer server) {
        answer(server.port(), clientPort, Event.UDP_UNASKED);
        if (server.port() >= Hosts.OPEN_FIRST && server.port() <= Hosts.OPEN_LAST) {
            ask(server, Event.UDP_REQUEST);
            answer(server.port(), clientPort, Event.UDP_REPLY);
        }
    }

    private void ask(Peer server, Event event) {
        byte[] frame = whole(Packets.udp(client, clientPort, server.seen(), server.seenPort()));
        add(Side.CLIENT, event, frame, clientPort + ">" + server);
    }

    private void answer(int from, int to, Event event) {
        add(Side.SERVER, event, whole(Packets.udp(Hosts.server(v6), from, client, to)), from + ">" + to);
    }

    private byte[] whole(PacketBuilder datagram) {
        return datagram.payload(random.nextInt(1200)).identification(random.nextInt(65536)).build();
    }

    private byte[] broken(PacketBuilder datagram) {
        byte[] frame = datagram.payload(10).build();
        int checksum = frame.length - 10 - 2;
        return Packets.with(frame, checksum, frame[checksum] ^ 0x55, frame[checksum + 1] | 1);
    }

    private void add(Side from, Event event, byte[] frame, String text) {
        byte[] addressed = Frames.addressed(frame, from);
        steps.add(new Step(from, event, Frames.family(frame) + " " + text + " " + frame.length + " bytes", addressed));
    }
}
