package io.manx.itest.conntrack;

import io.manx.testkit.PacketBuilder;
import io.manx.testkit.Packets;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.pcap4j.packet.IpPacket;

/** ICMP errors about packets of flows that are there, and about others. */
final class ErrorScenarios {
    private static final int[][] ERRORS = {{3, 0}, {3, 1}, {3, 3}, {3, 4}, {3, 13}, {4, 0}, {11, 0}, {11, 1}, {12, 0}};
    private static final int[][] ERRORS6 = {{1, 0}, {1, 4}, {2, 0}, {3, 0}, {3, 1}, {4, 0}, {4, 1}};

    private final RandomGenerator random;
    private final boolean v6;
    private final InetAddress client;
    private final Peer server;
    private final InetAddress router;
    private final int clientPort;
    private final List<Step> steps = new ArrayList<>();
    /** Packets of a flow that is there, by who sent them; from the Ethernet header on. */
    private byte[] ofClient;

    private byte[] ofServer;

    /** The same as they arrive at the other side: what an error from there quotes. */
    private byte[] ofClientArrived;

    private byte[] ofServerArrived;

    private ErrorScenarios(RandomGenerator random) {
        this.random = random;
        v6 = random.nextInt(4) == 0;
        client = Hosts.client(v6, random);
        server = Peer.open(random, v6);
        router = random.nextBoolean() ? Hosts.router(v6) : server.address();
        clientPort = random.nextInt(1024, 65536);
    }

    static List<Step> scenario(RandomGenerator random) {
        ErrorScenarios scenario = new ErrorScenarios(random);
        scenario.open();
        for (int i = random.nextInt(1, 4); i > 0; i--) {
            scenario.error();
        }
        /* The flow is none the worse for it. */
        scenario.add(Side.CLIENT, scenario.event(), scenario.ofClient, "again");
        return scenario.steps;
    }

    private Event event() {
        return steps.get(0).event();
    }

    /** A flow of TCP, UDP or ICMP echoes, answered or not. */
    private void open() {
        switch (random.nextInt(3)) {
            case 0 -> openTcp();
            case 1 -> {
                int asked = random.nextInt(100);
                int answered = random.nextInt(100);
                ofClient = whole(Packets.udp(client, clientPort, server.seen(), server.seenPort()).payload(asked));
                ofClientArrived = whole(Packets.udp(client, clientPort, server.address(), server.port()).payload(asked));
                ofServer = whole(Packets.udp(server.address(), server.port(), client, clientPort).payload(answered));
                ofServerArrived = whole(Packets.udp(server.seen(), server.seenPort(), client, clientPort).payload(answered));
                ask(Event.UDP_REQUEST, Event.UDP_REPLY);
            }
            default -> {
                InetAddress itself = server.address();
                ofClient = whole(Packets.icmpEcho(client, itself, clientPort, 1).payload(random.nextInt(100)));
                ofServer = whole(Packets.icmpEcho(itself, client, clientPort, 1).reply().payload(random.nextInt(100)));
                ofClientArrived = ofClient;
                ofServerArrived = ofServer;
                ask(Event.ECHO_REQUEST, Event.ECHO_REPLY);
            }
        }
    }

    private void ask(Event request, Event reply) {
        add(Side.CLIENT, request, ofClient, "");
        if (random.nextInt(4) > 0) {
            add(Side.SERVER, reply, ofServer, "");
        }
    }

    /** The handshake; a segment of it is what is quoted. */
    private void openTcp() {
        add(Side.CLIENT, Event.SYN, whole(toServer(server.seen(), server.seenPort()).sequence(100, 0).flags("SYN")), "");
        ofServer = whole(toClient(server.address(), server.port()));
        ofServerArrived = whole(toClient(server.seen(), server.seenPort()));
        add(Side.SERVER, Event.SYN_ACK, ofServer, "");
        ofClient = whole(toServer(server.seen(), server.seenPort()));
        ofClientArrived = whole(toServer(server.address(), server.port()));
        add(Side.CLIENT, Event.ACK, ofClient, "");
    }

    private PacketBuilder toServer(InetAddress address, int port) {
        return Packets.tcp(client, clientPort, address, port).sequence(101, 501).flags("ACK");
    }

    private PacketBuilder toClient(InetAddress address, int port) {
        return Packets.tcp(address, port, client, clientPort).sequence(500, 101).flags("SYN", "ACK");
    }

    private void error() {
        switch (random.nextInt(12)) {
            case 0, 1, 2 -> fromServer(Event.ERROR_OF_FLOW, client, ofClientArrived);
            case 3 -> fromClient(Event.ERROR_OF_FLOW_OTHER_WAY, source(ofServerArrived), ofServerArrived);
            case 4 -> fromServer(Event.ERROR_OF_NOTHING, client, strange(client, server.address()));
            case 5 -> fromClient(Event.ERROR_OF_NOTHING, server.address(), strange(server.address(), client));
            case 6 -> fromServer(Event.ERROR_QUOTE_SHORT, client, shortened(ofClientArrived));
            case 7 -> fromServer(Event.ERROR_QUOTE_BROKEN, client, broken(ofClientArrived));
            /* To one who did not send what it quotes. */
            case 8 -> fromServer(Event.ERROR_TO_ANOTHER, another(), ofClientArrived);
            case 9 -> fromServer(Event.ERROR_TO_ANOTHER, client, ofServer);
            case 10 -> fromServer(Event.ERROR_OF_FRAGMENT, client, fragmentOf(ofClientArrived));
            default -> {
                if (v6) {
                    fromServer(Event.ERROR_OF_FLOW, client, ofClientArrived);
                } else {
                    add(Side.SERVER, Event.REDIRECT, whole(Packets.icmpError(router, client, 5, 1, 0x0a520009, ofClientArrived)), "");
                }
            }
        }
    }

    private void fromServer(Event event, InetAddress to, byte[] about) {
        send(Side.SERVER, event, router, to, about);
    }

    private void fromClient(Event event, InetAddress to, byte[] about) {
        send(Side.CLIENT, event, client, to, about);
    }

    private void send(Side from, Event event, InetAddress source, InetAddress to, byte[] about) {
        int[][] errors = v6 ? ERRORS6 : ERRORS;
        int[] error = errors[random.nextInt(errors.length)];
        boolean tooBig = v6 ? error[0] == 2 : error[0] == 3 && error[1] == 4;
        byte[] frame = whole(Packets.icmpError(source, to, error[0], error[1], tooBig ? 1400 : 0, about));
        add(from, event, frame, "type " + error[0] + " code " + error[1] + " to " + to.getHostAddress() + " about "
                + (about.length - Frames.ETHERNET) + " bytes");
    }

    private InetAddress source(byte[] packet) {
        return Packets.parse(packet).get(IpPacket.class).getHeader().getSrcAddr();
    }

    /** Of a flow that nobody has. */
    private byte[] strange(InetAddress from, InetAddress to) {
        return random.nextBoolean()
                ? whole(Packets.udp(from, random.nextInt(1, 1024), to, random.nextInt(1, 1024)).payload(20))
                : whole(Packets.tcp(from, random.nextInt(1, 1024), to, random.nextInt(1, 1024)));
    }

    private InetAddress another() {
        InetAddress another = client;
        while (another.equals(client)) {
            another = Hosts.client(v6, random);
        }
        return another;
    }

    /** Nothing of layer 4, part of its ports, or just the 8 bytes that every error must have. */
    private byte[] shortened(byte[] packet) {
        int header = v6 ? 40 : 20;
        int[] lengths = {header - 8, header, header + 2, header + 4, header + 8};
        return Arrays.copyOf(packet, Frames.ETHERNET + lengths[random.nextInt(lengths.length)]);
    }

    /** Another version, a header length below the least, or a protocol that it was not. */
    private byte[] broken(byte[] packet) {
        int at = Frames.ETHERNET;
        return switch (random.nextInt(v6 ? 2 : 3)) {
            case 0 -> Packets.with(packet, at, packet[at] ^ 0x20);
            case 1 -> Packets.with(packet, at + (v6 ? 6 : 9), 99);
            default -> Packets.with(packet, at, 0x43);
        };
    }

    /** A later fragment holds no ports: which flow it is of, the error does not say. */
    private byte[] fragmentOf(byte[] packet) {
        return v6 ? whole(Packets.udp(client, clientPort, server.address(), server.port()).fragment(1480, false).payload(64))
                : Packets.withIpv4Checksum(Packets.with(packet, Frames.ETHERNET + 6, 0, 185));
    }

    private byte[] whole(PacketBuilder packet) {
        return packet.identification(random.nextInt(65536)).build();
    }

    private void add(Side from, Event event, byte[] frame, String text) {
        steps.add(new Step(from, event, Frames.family(frame) + " " + text, Frames.addressed(frame, from)));
    }
}
