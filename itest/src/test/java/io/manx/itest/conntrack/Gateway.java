package io.manx.itest.conntrack;

import io.manx.testkit.Packets;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A gateway between two raw ports. After each step goes a marker, a datagram of a flow that it lets by: all is handled
 * on one CPU in the order that it was sent, so what has not come out before the marker does not come at all.
 */
final class Gateway implements AutoCloseable {
    private static final long LONGEST_NANOS = 10_000_000_000L;

    private final String name;
    private final RawPort toClient;
    private final RawPort toServer;
    private long markers;

    Gateway(String name, String toClient, String toServer) {
        this.name = name;
        this.toClient = new RawPort(toClient);
        this.toServer = new RawPort(toServer);
    }

    /** @param out frames on the far side, in order. @param back what the gateway itself told the sender */
    record Passed(List<byte[]> out, List<byte[]> back) {}

    Passed through(Step step, Tags tags) {
        RawPort in = port(step.from());
        RawPort out = port(step.from().other());
        step.frames().forEach(frame -> in.send(tags.put(frame)));
        byte[] marker = marker(step.from(), ++markers);
        in.send(tags.put(marker));
        List<byte[]> came = new ArrayList<>();
        long deadline = System.nanoTime() + LONGEST_NANOS;
        while (System.nanoTime() < deadline) {
            Optional<byte[]> received = out.receive();
            if (received.isEmpty()) {
                Thread.yield();
            }
            Optional<byte[]> frame = received.filter(f -> isFor(step.from().other(), f)).map(tags::take);
            if (frame.isPresent() && isMarker(frame.get())) {
                if (Arrays.equals(payload(frame.get()), payload(marker))) {
                    return new Passed(came, back(step.from(), tags));
                }
            } else {
                frame.ifPresent(came::add);
            }
        }
        throw new IllegalStateException(name + ": the marker after \"" + step + "\" did not come out of it within "
                + LONGEST_NANOS / 1_000_000_000 + " s: is its flow gone, or the gateway?");
    }

    private List<byte[]> back(Side sender, Tags tags) {
        List<byte[]> back = new ArrayList<>();
        for (Optional<byte[]> frame = port(sender).receive(); frame.isPresent(); frame = port(sender).receive()) {
            frame.filter(f -> isFor(sender, f)).map(tags::take).filter(f -> !isMarker(f)).ifPresent(back::add);
        }
        return back;
    }

    private RawPort port(Side side) {
        return side == Side.CLIENT ? toClient : toServer;
    }

    private static byte[] marker(Side from, long number) {
        byte[] payload = ByteBuffer.allocate(Long.BYTES).putLong(number).array();
        byte[] frame = from == Side.CLIENT
                ? Packets.udp(Hosts.client(false, 0), Hosts.MARKER_PORT, Hosts.SERVER, Hosts.MARKER_PORT).payload(payload).build()
                : Packets.udp(Hosts.SERVER, Hosts.MARKER_PORT, Hosts.client(false, 0), Hosts.MARKER_PORT).payload(payload).build();
        return Frames.addressed(frame, from);
    }

    private static boolean isMarker(byte[] frame) {
        int ports = Frames.ETHERNET + 20;
        return frame.length >= ports + 8 + Long.BYTES
                && Frames.isV4(frame)
                && frame[Frames.ETHERNET + 9] == 17
                && Frames.shortAt(frame, ports) == Hosts.MARKER_PORT
                && Frames.shortAt(frame, ports + 2) == Hosts.MARKER_PORT;
    }

    private static byte[] payload(byte[] marker) {
        int at = Frames.ETHERNET + 20 + 8;
        return Arrays.copyOfRange(marker, at, at + Long.BYTES);
    }

    /** Not what the gateway says for itself, to everybody. */
    private static boolean isFor(Side side, byte[] frame) {
        return Arrays.equals(Arrays.copyOf(frame, 6), Hosts.macOf(side));
    }

    @Override
    public void close() {
        toClient.close();
        toServer.close();
    }
}
