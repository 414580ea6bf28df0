package io.manx.fastpath;

import io.manx.testkit.PacketBuilder;
import io.manx.testkit.Packets;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** What some fifty flows say, in any order. */
final class Babble {
    private static final int FLOWS = 50;
    private static final int SAME_PORT = Talk.FRONTEND_PORT + 1;
    private static final int CORRUPTED_BYTES = 60;
    private static final int EVICTED_BEYOND = 60;
    private static final int[] EDGES = {0, 0, 1000, 65535, 64240, 66000, 64240 * 4, 64240 * 128, 1 << 30};
    private static final String[][] FLAGS = {
        {"FIN", "ACK"}, {"RST"}, {"RST", "ACK"}, {"SYN"}, {"SYN", "ACK"}, {}, {"PSH"}, {"FIN"}, {"FIN", "PSH", "URG"},
    };
    private static final String[] ROUTES = {"ROUTE_NEIGHBOUR", "ROUTE_WORKLOAD", "ROUTE_LOCAL", "ROUTE_STACK"};

    private final Twins twins;
    private final Random random;
    private final List<Talk> talks = new ArrayList<>();
    /** Those after whose last words few are plain: soon others speak in their place. */
    private final Set<Integer> spoilt = new HashSet<>();

    private int nextPort = 30000;
    private boolean asleep;
    private boolean usual;
    private boolean spoils;

    Babble(Twins twins, long seed) {
        this.twins = twins;
        this.random = new Random(seed);
        twins.macs(9, new byte[] {2, 0, 0, 0, 9, 1}, new byte[] {2, 0, 0, 0, 9, 2});
        routes();
        for (InetAddress[] end : new InetAddress[][] {{Talk.FRONTEND4, Talk.SERVER4}, {Talk.FRONTEND6, Talk.SERVER6}}) {
            twins.serve(end[0], Talk.FRONTEND_PORT, end[1], Talk.SERVER_PORT);
            twins.serve(end[0], SAME_PORT, end[1], 0);
        }
        for (int i = 0; i < FLOWS; i++) {
            talks.add(talk());
        }
    }

    private static InetAddress client(boolean v4, int number) {
        return Packets.address(v4 ? "10.0.1." + number : "fd00:1::" + number);
    }

    private void routes() {
        for (boolean v4 : new boolean[] {true, false}) {
            for (int number = 2; number < 8; number++) {
                boolean via = number % 2 == 0;
                InetAddress gateway = Packets.address(v4 && number == 2 ? "192.0.2.1" : "fe80::1");
                String kind = ROUTES[number < 5 ? 0 : number - 4];
                twins.route(client(v4, number), kind, kind.endsWith("WORKLOAD") ? 9 : number, 1500, via ? gateway : null);
            }
            InetAddress server = v4 ? Talk.SERVER4 : Talk.SERVER6;
            twins.route(server, random.nextBoolean() ? ROUTES[0] : ROUTES[1], 9, 1400, null);
        }
    }

    private Talk talk() {
        boolean tcp = random.nextBoolean();
        boolean v4 = random.nextBoolean();
        InetAddress client = client(v4, 2 + random.nextInt(6));
        InetAddress server = v4 ? Talk.SERVER4 : Talk.SERVER6;
        InetAddress frontend = v4 ? Talk.FRONTEND4 : Talk.FRONTEND6;
        int port = nextPort++;
        Talk talk = switch (random.nextInt(4)) {
            case 0 -> new Talk(tcp, client, port, frontend, Talk.FRONTEND_PORT, server, Talk.SERVER_PORT);
            case 1 -> new Talk(tcp, client, port, frontend, SAME_PORT, server, SAME_PORT);
            default -> new Talk(tcp, client, port, server, Talk.SERVER_PORT, server, Talk.SERVER_PORT);
        };
        talk.clientNext = random.nextInt();
        talk.serverNext = random.nextInt();
        if (random.nextInt(8) > 0) {
            talk.settle(twins);
        }
        return talk;
    }

    /** @return whether fastpath took it */
    boolean next(String what) {
        change();
        int at = random.nextInt(FLOWS);
        if (random.nextInt(200) == 0 || (spoilt.contains(at) && random.nextInt(3) == 0)) {
            twins.forget(talks.get(at).clientPort);
            talks.set(at, talk());
            spoilt.remove(at);
        }
        Talk talk = talks.get(at);
        boolean byClient = random.nextBoolean();
        byte[] packet = packet(talk, byClient).build();
        boolean corrupted = random.nextInt(10) == 0;
        byte[] sent = corrupted ? corrupted(packet) : packet;
        Start start = start(packet.length);
        Twins.Step step = twins.pass(what + ", " + talk + (byClient ? " ->" : " <-"), sent, start);
        boolean lost = corrupted || !start.equals(Start.PLAIN) || step.ran().returned() == 2;
        if (!lost && usual) {
            talk.said(byClient, packet);
        }
        if (spoils) {
            spoilt.add(at);
        }
        return step.ended() && step.byFastpath();
    }

    private PacketBuilder packet(Talk talk, boolean byClient) {
        int what = random.nextInt(100);
        usual = true;
        spoils = false;
        PacketBuilder packet = talk.next(byClient, random.nextInt(4) > 0 ? new String[] {"ACK"} : new String[] {"PSH", "ACK"});
        if (talk.tcp && what < 3) {
            packet = talk.next(byClient, FLAGS[random.nextInt(FLAGS.length)]);
            spoils = true;
        } else if (talk.tcp && what < 12) {
            usual = false;
            boolean back = random.nextInt(3) == 0;
            packet.sequence(
                    (byClient ? talk.clientNext : talk.serverNext) + (back ? 0 : edge()),
                    (byClient ? talk.serverNext : talk.clientNext) + (back ? edge() : 0));
        }
        if (talk.tcp && random.nextInt(10) == 0) {
            packet.window(random.nextInt(3) == 0 ? 0 : random.nextInt(0x10000));
        }
        if (talk.tcp && random.nextInt(4) == 0) {
            packet.tcpOptions(1, 1, 8, 10, 0, 0, 0, random.nextInt(256), 0, 0, 0, 2);
        }
        if (random.nextInt(20) == 0) {
            packet.ttl(random.nextInt(4));
        }
        if (talk.v4() && random.nextInt(40) == 0) {
            packet.ipv4Options(new byte[] {1, 1, 1, 1});
        }
        if (random.nextInt(60) == 0) {
            packet.fragment(random.nextInt(3) * 8, random.nextBoolean()).identification(random.nextInt(100));
            usual = false;
            spoils = talk.tcp;
        }
        if (random.nextInt(60) == 0) {
            packet.vlan(5);
            usual = false;
        }
        return packet.payload(random.nextInt(3) == 0 ? random.nextInt(1450) : random.nextInt(40));
    }

    private int edge() {
        int by = EDGES[random.nextInt(EDGES.length)] + random.nextInt(5) - 2;
        return random.nextBoolean() ? by : -by;
    }

    private byte[] corrupted(byte[] packet) {
        byte[] changed = packet.clone();
        for (int times = 1 + random.nextInt(2); times > 0; times--) {
            int at = random.nextInt(Math.min(CORRUPTED_BYTES, packet.length));
            changed[at] = (byte) (random.nextBoolean() ? changed[at] ^ 1 << random.nextInt(8) : random.nextInt());
        }
        return changed;
    }

    private Start start(int bytes) {
        return switch (random.nextInt(60)) {
            case 0 -> Start.onEgress();
            case 1 -> Start.ofType(1 + random.nextInt(3));
            case 2 -> Start.tagged(1 + random.nextInt(4000));
            case 3 -> Start.cutTo(14 + random.nextInt(bytes - 14));
            case 4, 5 -> Start.verifiedSum();
            case 6 -> Start.segmentsOf(1 + random.nextInt(1500));
            case 7 -> Start.marked(random.nextInt());
            default -> Start.PLAIN;
        };
    }

    /** What the control plane does now and then. */
    private void change() {
        if (random.nextInt(1000) == 0) {
            twins.rejudge();
        }
        if (random.nextInt(1000) == 0) {
            routes();
        }
        if (random.nextInt(asleep ? 10 : 500) == 0) {
            twins.configure(random.nextInt(4) > 0, random.nextInt(4) > 0);
            asleep = false;
        }
        if (random.nextInt(500) == 0) {
            twins.awake(random.nextInt(2) * 900_000_000L);
            asleep = true;
        }
        twins.evictBeyond(EVICTED_BEYOND);
    }
}
