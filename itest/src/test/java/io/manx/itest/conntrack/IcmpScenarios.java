package io.manx.itest.conntrack;

import io.manx.testkit.PacketBuilder;
import io.manx.testkit.Packets;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** Echo requests and replies that fit together, or don't; and what else ICMP has but errors. */
final class IcmpScenarios {
    private static final int[] OTHER_TYPES = {9, 10, 13, 14, 15, 16, 17, 18, 40, 253};
    private static final int[] OTHER_TYPES6 = {130, 131, 138, 139, 140, 144, 200};

    private final RandomGenerator random;
    private final boolean v6;
    private final InetAddress client;
    private final InetAddress server;
    private final int identifier;
    private final List<Step> steps = new ArrayList<>();

    private IcmpScenarios(RandomGenerator random) {
        this.random = random;
        v6 = random.nextInt(4) == 0;
        client = Hosts.client(v6, random);
        server = Hosts.server(v6);
        identifier = random.nextInt(65536);
    }

    static List<Step> scenario(RandomGenerator random) {
        IcmpScenarios scenario = new IcmpScenarios(random);
        switch (random.nextInt(4)) {
            case 0, 1 -> scenario.ping();
            case 2 -> scenario.unasked();
            default -> scenario.other();
        }
        return scenario.steps;
    }

    private void ping() {
        for (int sequence = 1; sequence < 2 + random.nextInt(4); sequence++) {
            echo(Side.CLIENT, Event.ECHO_REQUEST, identifier, sequence, false);
            if (random.nextInt(4) > 0) {
                echo(Side.SERVER, Event.ECHO_REPLY, identifier, sequence, true);
            }
            if (random.nextInt(4) == 0) {
                echo(Side.SERVER, Event.ECHO_REPLY_UNASKED, identifier ^ 0x8000, sequence, true);
            }
        }
        /* A request under the flow's own identifier, from the end that answers. */
        if (random.nextInt(4) == 0) {
            echo(Side.SERVER, Event.ECHO_REQUEST_UNASKED, identifier, 1, false);
        }
        if (random.nextInt(4) == 0) {
            echo(Side.CLIENT, Event.ECHO_REPLY_UNASKED, identifier, 1, true);
        }
    }

    private void unasked() {
        echo(Side.SERVER, Event.ECHO_REPLY_UNASKED, identifier, 1, true);
        echo(Side.CLIENT, Event.ECHO_REPLY_UNASKED, identifier, 1, true);
        echo(Side.SERVER, Event.ECHO_REQUEST_UNASKED, identifier, 1, false);
        echo(Side.CLIENT, Event.ECHO_REPLY_UNASKED, identifier, 1, true);
        echo(Side.CLIENT, Event.ECHO_REQUEST, identifier, 2, false);
        echo(Side.SERVER, Event.ECHO_REPLY, identifier, 2, true);
    }

    private void other() {
        int[] types = v6 ? OTHER_TYPES6 : OTHER_TYPES;
        int type = types[random.nextInt(types.length)];
        Side from = random.nextBoolean() ? Side.CLIENT : Side.SERVER;
        byte[] rest = {(byte) (identifier >> 8), (byte) identifier, 0, 1};
        add(from, Event.ICMP_OTHER, Packets.icmp(source(from), source(from.other()), type, 0, rest).payload(12), "type " + type);
    }

    private void echo(Side from, Event event, int id, int sequence, boolean reply) {
        PacketBuilder echo = Packets.icmpEcho(source(from), source(from.other()), id, sequence);
        add(from, event, (reply ? echo.reply() : echo).payload(random.nextInt(200)), "identifier " + id);
    }

    private InetAddress source(Side side) {
        return side == Side.CLIENT ? client : server;
    }

    private void add(Side from, Event event, PacketBuilder packet, String text) {
        byte[] frame = packet.identification(random.nextInt(65536)).build();
        steps.add(new Step(from, event, Frames.family(frame) + " " + text, Frames.addressed(frame, from)));
    }
}
