package io.manx.itest.conntrack;

import io.manx.testkit.Packets;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** GRE (RFC 2784), with and without a key (RFC 2890): a protocol without ports, known by its addresses. */
final class GreScenarios {
    private static final int GRE = 47;
    private static final int KEY_PRESENT = 0x2000;
    private static final int IPV4 = 0x0800;

    private final RandomGenerator random;
    private final boolean v6;
    private final InetAddress client;
    private final List<Step> steps = new ArrayList<>();

    private GreScenarios(RandomGenerator random) {
        this.random = random;
        v6 = random.nextInt(4) == 0;
        client = Hosts.client(v6, random);
    }

    static List<Step> scenario(RandomGenerator random) {
        GreScenarios scenario = new GreScenarios(random);
        for (int i = random.nextInt(1, 6); i > 0; i--) {
            scenario.send(Side.CLIENT, random.nextBoolean());
            if (random.nextBoolean()) {
                scenario.send(Side.SERVER, random.nextBoolean());
            }
        }
        return scenario.steps;
    }

    private void send(Side from, boolean keyed) {
        ByteBuffer body = ByteBuffer.allocate((keyed ? 8 : 4) + 20).putShort((short) (keyed ? KEY_PRESENT : 0)).putShort((short) IPV4);
        if (keyed) {
            body.putInt(random.nextInt(4));
        }
        boolean asks = from == Side.CLIENT;
        byte[] frame = Packets.ip(asks ? client : Hosts.server(v6), asks ? Hosts.server(v6) : client, GRE, body.array())
                .identification(random.nextInt(65536)).build();
        steps.add(new Step(from, Event.GRE, Frames.family(frame) + (keyed ? " GRE with a key" : " GRE"), Frames.addressed(frame, from)));
    }
}
