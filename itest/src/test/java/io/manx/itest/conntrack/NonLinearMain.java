package io.manx.itest.conntrack;

import io.manx.testkit.PacketBuilder;
import io.manx.testkit.Packets;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.Optional;

/**
 * A program: sends packets that have nothing but their Ethernet header in the linear part of their skb, and the same ones
 * whole, through a gateway between mc and ms, and compares what comes out. A line a shape; it ends with 1 where one fails.
 */
final class NonLinearMain implements AutoCloseable {
    private static final int LONG = 4992;
    private static final int SNAP_BYTES = 1 << 14;
    private static final int CLIENT_PORT = 40000;
    private static final long SOON_NANOS = 2_000_000_000L;
    private static final long NEVER_NANOS = 200_000_000L;

    private final RawPort client = new RawPort("mc", SNAP_BYTES);
    private final RawPort server = new RawPort("ms", SNAP_BYTES);
    private final PagedPort clientPaged = new PagedPort("mc");
    private final PagedPort serverPaged = new PagedPort("ms");
    private int failed;

    public static void main(String[] arguments) {
        try (NonLinearMain main = new NonLinearMain()) {
            main.guardDropsWhatIsLinear();
            for (boolean v6 : new boolean[] {false, true}) {
                main.all(v6, Peer.direct(v6, Hosts.OPEN_FIRST + 1), "to the server");
                main.all(v6, new Peer(Hosts.server(v6), Hosts.BACKEND_FIRST, Hosts.service(v6), Hosts.SERVICE_FIRST), "to the service");
                main.denied(v6);
            }
            System.out.println(main.failed + " shapes failed");
            System.exit(main.failed == 0 ? 0 : 1);
        }
    }

    private void guardDropsWhatIsLinear() {
        byte[] frame = Frames.addressed(datagram(false, Peer.direct(false, Hosts.OPEN_FIRST), CLIENT_PORT).build(), Side.CLIENT);
        say("what is sent linear is not taken for the other", !clientPaged.send(frame, frame.length));
    }

    private void all(boolean v6, Peer peer, String where) {
        String shape = (v6 ? "IPv6 " : "IPv4 ") + where + ": ";
        alike(shape + "UDP", Side.CLIENT, datagram(v6, peer, CLIENT_PORT).build());
        alike(shape + "UDP answer", Side.SERVER, answer(v6, peer).build());
        alike(shape + "ICMP error", Side.SERVER, error(v6, peer, Packets.udp(client(v6), CLIENT_PORT, peer.address(), peer.port())));
        tcp(shape, v6, peer);
        fragments(shape, v6, peer);
    }

    private void tcp(String shape, boolean v6, Peer peer) {
        alike(shape + "SYN with data", Side.CLIENT, toServer(v6, peer).flags("SYN").sequence(100, 0).payload(LONG).build());
        short_(Side.SERVER, Packets.tcp(peer.address(), peer.port(), client(v6), CLIENT_PORT).flags("SYN", "ACK").sequence(900, 101).build());
        short_(Side.CLIENT, toServer(v6, peer).flags("ACK").sequence(101, 901).build());
        alike(shape + "TCP", Side.CLIENT, toServer(v6, peer).flags("ACK").sequence(101, 901).payload(LONG).build());
        alike(shape + "TCP answer", Side.SERVER, Packets.tcp(peer.address(), peer.port(), client(v6), CLIENT_PORT)
                .flags("ACK").sequence(901, 101 + LONG).payload(LONG).build());
        alike(shape + "TCP error", Side.SERVER, error(v6, peer, Packets.tcp(client(v6), CLIENT_PORT, peer.address(), peer.port())));
    }

    /** Each datagram under a number of its own: what comes twice of one is dropped. */
    private void fragments(String shape, boolean v6, Peer peer) {
        byte[][] first = new byte[2][], later = new byte[2][];
        for (int i = 0; i < 2; i++) {
            PacketBuilder begin = datagram(v6, peer, CLIENT_PORT + 1).identification(77 + i).fragment(0, true);
            PacketBuilder end = datagram(v6, peer, CLIENT_PORT + 1).identification(77 + i).fragment(8 + LONG, false);
            first[i] = through(Side.CLIENT, begin.build(), i == 0);
            later[i] = through(Side.CLIENT, end.build(), i == 0);
        }
        say(shape + "first fragment", same(withoutNumber(first[0], v6), withoutNumber(first[1], v6)));
        say(shape + "later fragment", same(withoutNumber(later[0], v6), withoutNumber(later[1], v6)));
    }

    private void denied(boolean v6) {
        Peer closed = Peer.direct(v6, Hosts.CLOSED_FIRST);
        clientPaged.send(Frames.addressed(datagram(v6, closed, CLIENT_PORT).build(), Side.CLIENT), Frames.ETHERNET);
        say((v6 ? "IPv6" : "IPv4") + " to a closed port is denied", came(Side.SERVER, NEVER_NANOS).isEmpty());
    }

    private static InetAddress client(boolean v6) {
        return Hosts.client(v6, 1);
    }

    private static PacketBuilder datagram(boolean v6, Peer peer, int port) {
        return Packets.udp(client(v6), port, peer.seen(), peer.seenPort()).payload(LONG);
    }

    private static PacketBuilder answer(boolean v6, Peer peer) {
        return Packets.udp(peer.address(), peer.port(), client(v6), CLIENT_PORT).payload(LONG);
    }

    private static PacketBuilder toServer(boolean v6, Peer peer) {
        return Packets.tcp(client(v6), CLIENT_PORT, peer.seen(), peer.seenPort());
    }

    /** By a router, about what the server's side has seen of the client's. */
    private static byte[] error(boolean v6, Peer peer, PacketBuilder about) {
        return Packets.icmpError(Hosts.router(v6), client(v6), v6 ? 3 : 11, 0, 0, about.payload(LONG).build()).build();
    }

    /** The first time it may open a flow; the last time that is known. */
    private void alike(String shape, Side from, byte[] packet) {
        byte[] opens = through(from, packet, true);
        byte[] whole = through(from, packet, false);
        byte[] again = through(from, packet, true);
        say(shape, same(opens, whole) && same(again, whole));
    }

    private void short_(Side from, byte[] packet) {
        if (through(from, packet, false) == null) {
            say("a segment of the handshake from the " + from, false);
        }
    }

    /** What comes out; null: nothing. */
    private byte[] through(Side from, byte[] packet, boolean paged) {
        byte[] frame = Frames.addressed(packet, from);
        if (paged) {
            (from == Side.CLIENT ? clientPaged : serverPaged).send(frame, Frames.ETHERNET);
        } else {
            port(from).send(frame);
        }
        return came(from.other(), SOON_NANOS).orElse(null);
    }

    private Optional<byte[]> came(Side side, long nanos) {
        long deadline = System.nanoTime() + nanos;
        while (System.nanoTime() < deadline) {
            Optional<byte[]> frame = port(side).receive().filter(f -> Arrays.equals(Arrays.copyOf(f, 6), Hosts.macOf(side)));
            if (frame.isPresent()) {
                return frame;
            }
            Thread.yield();
        }
        return Optional.empty();
    }

    private RawPort port(Side side) {
        return side == Side.CLIENT ? client : server;
    }

    private static boolean same(byte[] one, byte[] other) {
        return one != null && Arrays.equals(one, other);
    }

    /** IPv4: and without its checksum. */
    private static byte[] withoutNumber(byte[] frame, boolean v6) {
        if (frame == null) {
            return null;
        }
        return v6 ? Packets.with(frame, Frames.ETHERNET + 44, 0, 0, 0, 0)
                : Packets.with(Packets.with(frame, Frames.ETHERNET + 4, 0, 0), Frames.ETHERNET + 10, 0, 0);
    }

    private void say(String shape, boolean holds) {
        failed += holds ? 0 : 1;
        System.out.println((holds ? "alike: " : "FAILED: ") + shape);
    }

    @Override
    public void close() {
        clientPaged.close();
        serverPaged.close();
        client.close();
        server.close();
    }
}
