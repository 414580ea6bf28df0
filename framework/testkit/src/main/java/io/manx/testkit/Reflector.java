package io.manx.testkit;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.util.concurrent.atomic.AtomicLong;

/** Sends every datagram back to where it came from, and counts them. */
final class Reflector implements AutoCloseable {
    private static final int LONGEST = 2048;

    private final DatagramSocket socket;
    private final AtomicLong arrived = new AtomicLong();
    private final Thread thread = new Thread(this::reflect, "reflector");

    Reflector(InetAddress address) throws IOException {
        this(address, 0);
    }

    private Reflector(InetAddress address, int port) throws IOException {
        socket = new DatagramSocket(port, address);
        thread.setDaemon(true);
        thread.start();
    }

    /** Alone in a process, in whatever namespace that is. @param arguments address and port to listen on */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Reflector reflector = new Reflector(InetAddress.getByName(arguments[0]), Integer.parseInt(arguments[1]));
        System.out.println("reflecting");
        reflector.thread.join();
    }

    int port() {
        return socket.getLocalPort();
    }

    long arrived() {
        return arrived.get();
    }

    private void reflect() {
        DatagramPacket packet = new DatagramPacket(new byte[LONGEST], LONGEST);
        while (!socket.isClosed()) {
            try {
                packet.setLength(LONGEST);
                socket.receive(packet);
                arrived.incrementAndGet();
                socket.send(packet);
            } catch (IOException e) {
                if (!socket.isClosed()) {
                    System.err.println("reflecting a datagram of " + packet.getSocketAddress() + ": " + e.getMessage());
                }
            }
        }
    }

    @Override
    public void close() {
        socket.close();
    }
}
