package io.manx.itest.conntrack;

import io.manx.testkit.PacketBuilder;
import io.manx.testkit.Packets;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/** Packets of a flow, broken in one place each; and some that are odd but whole. */
final class MalformedScenarios {
    private static final int IP = Frames.ETHERNET;
    private static final String[] SOURCES = {"224.0.0.5", "255.255.255.255", "127.0.0.1", "0.0.0.0", "240.0.0.1", "10.82.0.2"};
    private static final String[] SOURCES6 = {"ff02::5", "::1", "::", "fd82::2"};
    private static final String[] TARGETS = {"255.255.255.255", "127.0.0.1", "0.0.0.0", "240.0.0.1", "224.0.0.5"};

    private final RandomGenerator random;
    private final boolean v6;
    private final InetAddress client;
    private final InetAddress server;
    private final int clientPort;
    private final int serverPort;
    private final List<Step> steps = new ArrayList<>();

    private MalformedScenarios(RandomGenerator random) {
        this.random = random;
        v6 = random.nextInt(3) == 0;
        client = Hosts.client(v6, random);
        server = Hosts.server(v6);
        clientPort = random.nextInt(1024, 65536);
        serverPort = Hosts.openPort(random);
    }

    static List<Step> scenario(RandomGenerator random) {
        MalformedScenarios scenario = new MalformedScenarios(random);
        if (random.nextBoolean()) {
            scenario.good();
        }
        for (int i = random.nextInt(1, 4); i > 0; i--) {
            scenario.odd();
        }
        scenario.good();
        return scenario.steps;
    }

    private void good() {
        add(Event.UDP_REQUEST, udp().build(), "whole");
    }

    private PacketBuilder udp() {
        return Packets.udp(client, clientPort, server, serverPort).payload(20 + random.nextInt(50));
    }

    private PacketBuilder syn() {
        return Packets.tcp(client, clientPort, server, serverPort).flags("SYN");
    }

    private void odd() {
        switch (random.nextInt(6)) {
            case 0 -> lengths();
            case 1 -> header();
            case 2 -> addresses();
            case 3, 4 -> options();
            default -> add(Event.PADDED, Arrays.copyOf(udp().build(), 150), "with padding behind it");
        }
    }

    private void lengths() {
        byte[] whole = random.nextBoolean() ? udp().build() : syn().build();
        int transport = IP + (v6 ? 40 : 20);
        boolean tcp = whole[IP + (v6 ? 6 : 9)] == 6;
        switch (random.nextInt(6)) {
            case 0 -> add(Event.BAD_LENGTH, Arrays.copyOf(whole, whole.length - 5), "shorter than it says");
            case 1 -> add(Event.BAD_LENGTH, length(whole, 500), "total length beyond the packet");
            case 2 -> add(Event.BAD_LENGTH, length(whole, v6 ? 4 : 22), "total length within layer 4's header");
            case 3 -> {
                if (tcp) {
                    add(Event.BAD_LENGTH, Packets.with(whole, transport + 12, 0x10), "data offset 1");
                } else {
                    add(Event.BAD_LENGTH, Packets.with(whole, transport + 4, 0, 4), "UDP length 4");
                }
            }
            case 4 -> {
                if (tcp) {
                    add(Event.BAD_LENGTH, Packets.with(whole, transport + 12, 0xf0), "data offset 15");
                } else {
                    add(Event.BAD_LENGTH, Packets.with(whole, transport + 4, 9, 9), "UDP length beyond the packet");
                }
            }
            default -> {
                if (!v6) {
                    add(Event.BAD_LENGTH, length(whole, 12), "total length within its own header");
                }
            }
        }
    }

    /** With the header checksum put right. */
    private byte[] length(byte[] frame, int bytes) {
        return v6 ? Packets.with(frame, IP + 4, bytes >> 8, bytes)
                : Packets.withIpv4Checksum(Packets.with(frame, IP + 2, bytes >> 8, bytes));
    }

    private void header() {
        byte[] whole = udp().build();
        switch (random.nextInt(v6 ? 2 : 5)) {
            case 0 -> add(Event.BAD_HEADER, Packets.with(whole, IP, v6 ? 0x40 : 0x65), "another version");
            case 1 -> add(Event.BAD_HEADER, udp().ttl(0).build(), "no hops left");
            case 2 -> add(Event.BAD_HEADER, Packets.withIpv4Checksum(Packets.with(whole, IP, 0x44)), "IHL 4");
            case 3 -> add(Event.BAD_HEADER, Packets.with(whole, IP + 10, whole[IP + 10] ^ 0x55), "header checksum wrong");
            default -> add(Event.BAD_HEADER, Packets.with(whole, IP, 0x4f), "IHL 15");
        }
    }

    private void addresses() {
        if (v6 || random.nextBoolean()) {
            String[] sources = v6 ? SOURCES6 : SOURCES;
            String source = sources[random.nextInt(sources.length)];
            byte[] frame = Packets.udp(Packets.address(source), serverPort, server, serverPort).payload(20).build();
            add(Event.BAD_ADDRESS, frame, "from " + source);
        } else {
            String target = TARGETS[random.nextInt(TARGETS.length)];
            byte[] frame = Packets.udp(client, clientPort, Packets.address(target), serverPort).payload(20).build();
            add(Event.BAD_ADDRESS, frame, "to " + target);
        }
    }

    private void options() {
        if (v6) {
            extensions();
            return;
        }
        switch (random.nextInt(5)) {
            case 0 -> options("no operation", 1, 1, 1, 0);
            case 1 -> options("record route", 7, 11, 4, 0, 0, 0, 0, 0, 0, 0, 0);
            case 2 -> options("loose source route", 0x83, 7, 4, 10, 82, 0, 2);
            case 3 -> options("router alert", 0x94, 4, 0, 0);
            default -> options("an option beyond the header", 7, 39, 4, 0);
        }
    }

    private void options(String text, int... bytes) {
        byte[] options = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            options[i] = (byte) bytes[i];
        }
        add(Event.IP_OPTIONS, udp().ipv4Options(options).build(), text);
    }

    private void extensions() {
        switch (random.nextInt(5)) {
            case 0 -> add(Event.EXTENSION_HEADERS, udp().extension(60, 8).build(), "destination options");
            case 1 -> add(Event.EXTENSION_HEADERS, udp().extension(60, 8).extension(0, 8).build(), "hop-by-hop not first");
            case 2 -> add(Event.EXTENSION_HEADERS, udp().extension(43, 24).build(), "routing header of type 0");
            case 3 -> add(Event.EXTENSION_HEADERS,
                    Packets.ip(client, server, 59, new byte[20]).build(), "no next header");
            default -> add(Event.EXTENSION_HEADERS,
                    udp().extension(60, 8).extension(60, 24).extension(60, 8).build(), "destination options thrice");
        }
    }

    private void add(Event event, byte[] frame, String text) {
        steps.add(new Step(Side.CLIENT, event, Frames.family(frame) + " " + text, Frames.addressed(frame, Side.CLIENT)));
    }
}
