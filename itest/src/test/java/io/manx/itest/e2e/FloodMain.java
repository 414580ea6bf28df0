package io.manx.itest.e2e;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A program: sends datagrams to each of its targets in turn, as fast as the kernel takes them, until its standard input
 * ends; then prints {@code sent} and how many each was sent. Arguments: ADDRESS:PORT of each target.
 *
 * <p>A datagram counts against its socket's send buffer until the far stack has it, so there are never more under way
 * than the queues between hold.
 */
final class FloodMain {
    private static final int BYTES = 64;

    private FloodMain() {}

    public static void main(String[] targets) throws IOException {
        AtomicBoolean end = Input.ended();
        DatagramChannel[] channels = new DatagramChannel[targets.length];
        long[] sent = new long[targets.length];
        for (int i = 0; i < targets.length; i++) {
            int colon = targets[i].lastIndexOf(':');
            channels[i] = DatagramChannel.open()
                    .connect(new InetSocketAddress(
                            targets[i].substring(0, colon), Integer.parseInt(targets[i].substring(colon + 1))));
        }
        ByteBuffer datagram = ByteBuffer.allocateDirect(BYTES);
        System.out.println("flooding");
        while (!end.get()) {
            for (int i = 0; i < channels.length; i++) {
                channels[i].write(datagram.clear());
                sent[i]++;
            }
        }
        StringBuilder line = new StringBuilder("sent");
        for (long each : sent) {
            line.append(' ').append(each);
        }
        System.out.println(line);
    }
}
