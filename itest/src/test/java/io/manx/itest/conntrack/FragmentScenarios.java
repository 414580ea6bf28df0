package io.manx.itest.conntrack;

import io.manx.testkit.Packets;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;

/** Datagrams in fragments: in order and not, too few, too many, too small, and laid over each other. */
final class FragmentScenarios {
    private static final int UDP = 17;

    private final RandomGenerator random;
    private final boolean v6;
    private final InetAddress client;
    private final Peer server;
    private final int clientPort;
    private final List<Step> steps = new ArrayList<>();

    private FragmentScenarios(RandomGenerator random, boolean open) {
        this.random = random;
        v6 = random.nextInt(3) == 0;
        client = Hosts.client(v6, random);
        server = open ? Peer.open(random, v6) : Peer.direct(v6, Hosts.closedPort(random));
        clientPort = random.nextInt(1024, 65536);
    }

    static List<Step> scenario(RandomGenerator random) {
        boolean open = random.nextInt(6) > 0;
        FragmentScenarios scenario = new FragmentScenarios(random, open);
        if (open) {
            scenario.talk();
        } else {
            scenario.add(Side.CLIENT, Event.FRAGMENTS_DENIED, scenario.cut(scenario.datagram(Side.CLIENT)), "to a closed port");
            scenario.add(Side.SERVER, Event.FRAGMENTS_DENIED, scenario.cut(scenario.datagram(Side.SERVER)), "unasked");
        }
        return scenario.steps;
    }

    private void talk() {
        if (random.nextBoolean()) {
            byte[] small = Packets.udp(client, clientPort, server.seen(), server.seenPort()).payload(10).build();
            steps.add(new Step(Side.CLIENT, Event.UDP_REQUEST, Frames.family(small), Frames.addressed(small, Side.CLIENT)));
        }
        for (int i = random.nextInt(1, 4); i > 0; i--) {
            train(Side.CLIENT);
        }
        if (random.nextBoolean()) {
            train(Side.SERVER);
        }
    }

    private void train(Side from) {
        byte[] datagram = datagram(from);
        List<Piece> pieces = cut(datagram);
        switch (random.nextInt(10)) {
            case 0, 1, 2 -> add(from, Event.FRAGMENTS, pieces, "in order");
            case 3, 4 -> {
                shuffle(pieces);
                add(from, Event.FRAGMENTS_SHUFFLED, pieces, "shuffled");
            }
            case 5 -> {
                Collections.reverse(pieces);
                add(from, Event.FRAGMENTS_SHUFFLED, pieces, "in reverse");
            }
            case 6 -> {
                pieces.remove(random.nextInt(pieces.size()));
                add(from, Event.FRAGMENTS_INCOMPLETE, pieces, "one missing");
            }
            case 7 -> {
                int which = random.nextInt(pieces.size());
                pieces.add(which, pieces.get(which));
                add(from, Event.FRAGMENTS_TWICE, pieces, "one twice");
            }
            case 8 -> {
                Piece second = pieces.get(1);
                int earlier = second.offset() - 8 * random.nextInt(1, 5);
                int end = second.offset() + second.bytes().length;
                pieces.add(1, new Piece(earlier, Arrays.copyOfRange(datagram, earlier, end), second.more()));
                pieces.remove(2);
                add(from, Event.FRAGMENTS_OVERLAPPING, pieces, "the second begins in the first");
            }
            default -> odd(from, datagram, pieces);
        }
    }

    private void odd(Side from, byte[] datagram, List<Piece> pieces) {
        if (random.nextBoolean()) {
            int least = 8 * random.nextInt(1, 3);
            List<Piece> tiny = new ArrayList<>(List.of(new Piece(0, Arrays.copyOf(datagram, least), true)));
            tiny.addAll(cut(datagram, least, 1400));
            add(from, Event.FRAGMENTS_TINY, tiny, "the first of " + least + " bytes");
        } else {
            pieces.set(pieces.size() - 1, new Piece(65528, new byte[200], false));
            add(from, Event.FRAGMENTS_BEYOND_64K, pieces, "the last ends beyond 64 KiB");
        }
    }

    /** Part of a datagram. @param offset a multiple of 8 */
    private record Piece(int offset, byte[] bytes, boolean more) {}

    /** Layer 4 of a UDP datagram that fits into no packet, with its checksum. */
    private byte[] datagram(Side from) {
        int bytes = random.nextInt(1600, 4500);
        byte[] frame = from == Side.CLIENT
                ? Packets.udp(client, clientPort, server.seen(), server.seenPort()).payload(bytes).build()
                : Packets.udp(server.address(), server.port(), client, clientPort).payload(bytes).build();
        return Arrays.copyOfRange(frame, Frames.ETHERNET + (v6 ? 40 : 20), frame.length);
    }

    private List<Piece> cut(byte[] datagram) {
        return cut(datagram, 0, 8 * random.nextInt(90, 175));
    }

    private static List<Piece> cut(byte[] datagram, int from, int each) {
        List<Piece> pieces = new ArrayList<>();
        for (int at = from; at < datagram.length; at += each) {
            int end = Math.min(datagram.length, at + each);
            pieces.add(new Piece(at, Arrays.copyOfRange(datagram, at, end), end < datagram.length));
        }
        return pieces;
    }

    private void shuffle(List<Piece> pieces) {
        Collections.shuffle(pieces, new Random(random.nextLong()));
    }

    private void add(Side from, Event event, List<Piece> pieces, String text) {
        int identification = v6 ? random.nextInt() : random.nextInt(65536);
        List<byte[]> frames = pieces.stream()
                .map(piece -> Frames.addressed(
                        (from == Side.CLIENT
                                        ? Packets.ip(client, server.seen(), UDP, piece.bytes())
                                        : Packets.ip(server.address(), client, UDP, piece.bytes()))
                                .identification(identification)
                                .fragment(piece.offset(), piece.more())
                                .build(),
                        from))
                .toList();
        steps.add(new Step(from, event, (v6 ? "v6 " : "v4 ") + pieces.size() + " fragments, " + text, frames));
    }
}
