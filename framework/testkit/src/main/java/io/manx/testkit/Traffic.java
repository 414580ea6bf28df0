package io.manx.testkit;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A program: sends numbered datagrams to a reflector as fast as it answers, until its standard input ends; then prints
 * how many it sent and how many answers came. Runs in a process of its own, since a process is in one namespace.
 *
 * <p>No more are under way than socket buffers hold, so that one that is missing was lost on the way.
 */
final class Traffic {
    private static final int WINDOW = 32;
    /** A window that has been silent for so long is given up, and a fresh one sent: late answers still count. */
    private static final int SILENT_MILLIS = 2_000;
    /** At the end: for a receiver that a busy machine has kept waiting. */
    private static final int LAST_ANSWERS_MILLIS = 5_000;
    private static final int BYTES = 64;

    private final DatagramSocket socket;
    private final ByteBuffer packet = ByteBuffer.allocate(BYTES);
    private long sent;
    private long answered;
    private int underWay;

    private Traffic(DatagramSocket socket) {
        this.socket = socket;
    }

    /** @param arguments address and port of the reflector */
    public static void main(String[] arguments) throws IOException {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(new InetSocketAddress(arguments[0], Integer.parseInt(arguments[1])));
            socket.setSoTimeout(SILENT_MILLIS);
            Traffic traffic = new Traffic(socket);
            traffic.run(inputEnds());
            System.out.println("sent " + traffic.sent + " answered " + traffic.answered);
        }
    }

    private static AtomicBoolean inputEnds() {
        AtomicBoolean ended = new AtomicBoolean();
        Thread reader = new Thread(() -> {
            try {
                System.in.readAllBytes();
            } catch (IOException e) {
                System.err.println("reading standard input: " + e.getMessage());
            }
            ended.set(true);
        });
        reader.setDaemon(true);
        reader.start();
        return ended;
    }

    private void run(AtomicBoolean end) throws IOException {
        while (!end.get()) {
            while (underWay < WINDOW) {
                packet.putLong(0, sent++);
                socket.send(new DatagramPacket(packet.array(), BYTES));
                underWay++;
            }
            underWay = receive() ? Math.max(0, underWay - 1) : 0;
        }
        socket.setSoTimeout(LAST_ANSWERS_MILLIS);
        boolean more = true;
        while (answered < sent && more) {
            more = receive();
        }
    }

    /** One answer. @return false where none comes any more: what is under way may be lost */
    private boolean receive() throws IOException {
        try {
            socket.receive(new DatagramPacket(new byte[BYTES], BYTES));
            answered++;
            return true;
        } catch (SocketTimeoutException e) {
            return false;
        }
    }
}
