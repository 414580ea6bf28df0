package io.manx.itest.conntrack;

import io.manx.testkit.Packets;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.zip.CRC32C;

/** SCTP associations (RFC 9260): opened, used and ended; with wrong verification tags; data of none; what policy denies. */
final class SctpScenarios {
    private static final int SCTP = 132;
    private static final int CHECKSUM_AT = 8;

    /** Types of chunks. */
    private enum Chunk {
        DATA, INIT, INIT_ACK, SACK, HEARTBEAT, HEARTBEAT_ACK, ABORT, SHUTDOWN, SHUTDOWN_ACK, ERROR, COOKIE_ECHO, COOKIE_ACK,
        ECNE, CWR, SHUTDOWN_COMPLETE
    }

    private final RandomGenerator random;
    private final boolean v6;
    private final InetAddress client;
    private final int clientPort;
    private final int serverPort;
    /** Each end's own: what is sent to it carries it. */
    private final int clientTag;

    private final int serverTag;
    private final List<Step> steps = new ArrayList<>();

    private SctpScenarios(RandomGenerator random, int serverPort) {
        this.random = random;
        this.serverPort = serverPort;
        v6 = random.nextInt(4) == 0;
        client = Hosts.client(v6, random);
        clientPort = random.nextInt(1024, 65536);
        clientTag = random.nextInt() | 1;
        serverTag = random.nextInt() | 1;
    }

    static List<Step> scenario(RandomGenerator random) {
        boolean denied = random.nextInt(6) == 0;
        SctpScenarios scenario = new SctpScenarios(random, denied ? Hosts.closedPort(random) : Hosts.openPort(random));
        if (denied) {
            scenario.init(Side.CLIENT, Chunk.INIT);
            scenario.init(Side.SERVER, Chunk.INIT_ACK);
        } else if (random.nextInt(8) == 0) {
            scenario.send(Side.CLIENT, Event.SCTP_OF_NONE, Chunk.DATA, scenario.serverTag, 20);
        } else {
            scenario.life();
        }
        return scenario.steps;
    }

    /* After a silence the server comes first: what is no association any more, policy denies it. */

    static SilentDraft silentWhileOpening(RandomGenerator random) {
        SctpScenarios scenario = new SctpScenarios(random, Hosts.openPort(random));
        scenario.init(Side.CLIENT, Chunk.INIT);
        if (random.nextBoolean()) {
            return scenario.silentBefore(() -> scenario.init(Side.SERVER, Chunk.INIT_ACK));
        }
        scenario.init(Side.SERVER, Chunk.INIT_ACK);
        scenario.say(Side.CLIENT, Chunk.COOKIE_ECHO);
        return scenario.silentBefore(() -> scenario.say(Side.SERVER, Chunk.COOKIE_ACK));
    }

    static SilentDraft silentWhileOpen(RandomGenerator random) {
        SctpScenarios scenario = new SctpScenarios(random, Hosts.openPort(random));
        scenario.open();
        scenario.say(Side.CLIENT, Chunk.DATA);
        scenario.say(Side.SERVER, Chunk.SACK);
        return scenario.silentBefore(() -> scenario.say(Side.SERVER, Chunk.DATA));
    }

    static SilentDraft silentWhileHalfShut(RandomGenerator random) {
        SctpScenarios scenario = new SctpScenarios(random, Hosts.openPort(random));
        scenario.open();
        Side first = random.nextBoolean() ? Side.CLIENT : Side.SERVER;
        scenario.say(first, Chunk.SHUTDOWN);
        return scenario.silentBefore(() -> scenario.say(Side.SERVER, first == Side.CLIENT ? Chunk.SHUTDOWN_ACK : Chunk.SHUTDOWN));
    }

    static SilentDraft silentWhileShut(RandomGenerator random) {
        SctpScenarios scenario = new SctpScenarios(random, Hosts.openPort(random));
        scenario.open();
        scenario.say(Side.SERVER, Chunk.SHUTDOWN);
        scenario.say(Side.CLIENT, Chunk.SHUTDOWN_ACK);
        return scenario.silentBefore(() -> scenario.say(Side.SERVER, Chunk.SHUTDOWN_COMPLETE));
    }

    static SilentDraft silentWhileAborted(RandomGenerator random) {
        SctpScenarios scenario = new SctpScenarios(random, Hosts.openPort(random));
        scenario.open();
        scenario.say(Side.CLIENT, Chunk.ABORT);
        return scenario.silentBefore(() -> scenario.say(Side.SERVER, Chunk.DATA));
    }

    private SilentDraft silentBefore(Runnable more) {
        int opened = steps.size();
        more.run();
        return SilentDraft.of(steps, opened);
    }

    private void open() {
        init(Side.CLIENT, Chunk.INIT);
        init(Side.SERVER, Chunk.INIT_ACK);
        say(Side.CLIENT, Chunk.COOKIE_ECHO);
        say(Side.SERVER, Chunk.COOKIE_ACK);
    }

    private void life() {
        open();
        for (int i = random.nextInt(8); i > 0; i--) {
            Side from = random.nextBoolean() ? Side.CLIENT : Side.SERVER;
            switch (random.nextInt(4)) {
                case 0 -> {
                    say(from, Chunk.HEARTBEAT);
                    say(from.other(), Chunk.HEARTBEAT_ACK);
                }
                case 1 -> send(from, Event.SCTP_WRONG_TAG, Chunk.DATA, tagOf(from.other()) ^ 0x100, 20);
                default -> {
                    say(from, Chunk.DATA);
                    say(from.other(), Chunk.SACK);
                }
            }
        }
        end(random.nextBoolean() ? Side.CLIENT : Side.SERVER);
    }

    private void end(Side first) {
        switch (random.nextInt(3)) {
            case 0 -> say(first, Chunk.ABORT);
            case 1 -> {
                say(first, Chunk.SHUTDOWN);
                say(first.other(), Chunk.SHUTDOWN_ACK);
                say(first, Chunk.SHUTDOWN_COMPLETE);
            }
            default -> {
                /* It stays open. */
            }
        }
    }

    private int tagOf(Side side) {
        return side == Side.CLIENT ? clientTag : serverTag;
    }

    /** INIT comes before any tag is known; both tell their sender's. */
    private void init(Side from, Chunk type) {
        byte[] body = ByteBuffer.allocate(16)
                .putInt(tagOf(from)).putInt(65536).putShort((short) 10).putShort((short) 10).putInt(random.nextInt()).array();
        send(from, Event.SCTP, type, type == Chunk.INIT ? 0 : tagOf(from.other()), body);
    }

    private void say(Side from, Chunk type) {
        send(from, Event.SCTP, type, tagOf(from.other()), type == Chunk.DATA ? 4 * random.nextInt(4, 200) : 12);
    }

    private void send(Side from, Event event, Chunk type, int tag, int bytes) {
        send(from, event, type, tag, new byte[bytes]);
    }

    private void send(Side from, Event event, Chunk type, int tag, byte[] body) {
        boolean asks = from == Side.CLIENT;
        ByteBuffer packet = ByteBuffer.allocate(16 + body.length)
                .putShort((short) (asks ? clientPort : serverPort)).putShort((short) (asks ? serverPort : clientPort))
                .putInt(tag).putInt(0)
                .put((byte) type.ordinal()).put((byte) (type == Chunk.DATA ? 3 : 0)).putShort((short) (4 + body.length))
                .put(body);
        CRC32C checksum = new CRC32C();
        checksum.update(packet.array());
        packet.order(ByteOrder.LITTLE_ENDIAN).putInt(CHECKSUM_AT, (int) checksum.getValue());
        byte[] frame = Packets.ip(asks ? client : Hosts.server(v6), asks ? Hosts.server(v6) : client, SCTP, packet.array())
                .identification(random.nextInt(65536)).build();
        steps.add(new Step(from, event, Frames.family(frame) + " SCTP " + type + " " + serverPort, Frames.addressed(frame, from)));
    }
}
