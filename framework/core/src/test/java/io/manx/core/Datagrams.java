package io.manx.core;

import static io.manx.core.EngineTest.ip;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Datagrams that come in by interfaces, one after the other, as fast as they are received: out by the other end of each
 * veth to the link's all-nodes address, so that no neighbour is asked for. There are never more on their way than the
 * receiver's buffer holds.
 */
final class Datagrams implements AutoCloseable {
    record Report(long sent, long received) {}

    private static final int ON_THEIR_WAY = 32;
    private static final long PATIENCE_NANOS = 20_000_000_000L;
    private static final int SIZE = 64;

    private final List<InetSocketAddress> targets = new ArrayList<>();
    private final DatagramSocket receiver;
    private final DatagramSocket sender;
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong received = new AtomicLong();
    private final Thread sending = new Thread(this::send, "datagrams-out");
    private final Thread receiving = new Thread(this::receive, "datagrams-in");
    private volatile boolean ending;
    private volatile boolean sentAll;

    private Datagrams(String... interfaces) throws IOException {
        receiver = new DatagramSocket(0);
        receiver.setReceiveBufferSize(1 << 20);
        receiver.setSoTimeout(500);
        sender = new DatagramSocket();
        sender.setOption(StandardSocketOptions.IP_MULTICAST_LOOP, false);
        for (String name : interfaces) {
            int out = NetworkInterface.getByName(peer(name)).getIndex();
            InetAddress all = Inet6Address.getByAddress(null, InetAddress.getByName("ff02::1").getAddress(), out);
            targets.add(new InetSocketAddress(all, receiver.getLocalPort()));
        }
    }

    /** A veth with an address at both ends, of which the other is {@link #peer}. */
    static void link(String name) throws IOException, InterruptedException {
        assertThat(ip("link", "add", name, "type", "veth", "peer", "name", peer(name))).isZero();
        for (String end : List.of(name, peer(name))) {
            ip("link", "set", end, "addrgenmode", "none");
            ip("link", "set", end, "up");
            String host = end.equals(name) ? "1" : "2";
            ip("addr", "add", "fe80::fb:" + host + "/64", "dev", end, "nodad");
        }
    }

    static String peer(String name) {
        return name + "p";
    }

    static Datagrams into(String... interfaces) {
        try {
            Datagrams datagrams = new Datagrams(interfaces);
            datagrams.receiving.start();
            datagrams.sending.start();
            return datagrams;
        } catch (IOException e) {
            throw new IllegalStateException("sending datagrams into " + List.of(interfaces), e);
        }
    }

    /** Until so many more have come. */
    void await(long more) {
        long until = received.get() + more;
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (received.get() < until) {
            assertThat(System.nanoTime()).as(more + " more datagrams are to come").isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    /** Sends no more, and waits for those on their way. */
    Report end() {
        close();
        return new Report(sent.get(), received.get());
    }

    @Override
    public void close() {
        ending = true;
        try {
            sending.join();
            sentAll = true;
            receiving.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        sender.close();
        receiver.close();
    }

    private void send() {
        try {
            while (!ending) {
                if (sent.get() - received.get() < ON_THEIR_WAY) {
                    InetSocketAddress target = targets.get((int) (sent.get() % targets.size()));
                    sender.send(new DatagramPacket(new byte[SIZE], SIZE, target));
                    sent.incrementAndGet();
                } else {
                    Thread.onSpinWait();
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException("sending a datagram", e);
        }
    }

    private void receive() {
        DatagramPacket packet = new DatagramPacket(new byte[SIZE], SIZE);
        try {
            while (!sentAll || received.get() < sent.get()) {
                try {
                    receiver.receive(packet);
                    received.incrementAndGet();
                } catch (SocketTimeoutException e) {
                    if (sentAll) {
                        return;
                    }
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException("receiving a datagram", e);
        }
    }
}
