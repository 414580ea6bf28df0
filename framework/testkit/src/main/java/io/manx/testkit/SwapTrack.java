package io.manx.testkit;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;

/**
 * A veth from the namespace that this process is in to one that sends datagrams through it, which are sent back. Names
 * and addresses are this process's own, so that several may stand side by side.
 */
final class SwapTrack implements AutoCloseable {
    private static final int NETWORKS = 1 << 15;

    private final long id = ProcessHandle.current().pid();
    private final String device = "mxs" + id;
    private final Namespaces namespaces = new Namespaces("manx-swap-" + id);
    private final Namespace far;
    private final Reflector reflector;
    private Running traffic;

    SwapTrack() throws IOException {
        try {
            far = namespaces.add("far");
            Command.run(List.of(
                    "ip", "link", "add", device, "type", "veth", "peer", "name", "eth0", "netns", far.name()));
            Command.run(List.of("ip", "addr", "add", address(1) + "/30", "dev", device));
            Command.run(List.of("ip", "link", "set", device, "up"));
            far.ip("link set eth0 up");
            far.address("eth0", address(2) + "/30");
            reflector = new Reflector(InetAddress.getByName(address(1)));
        } catch (IOException | RuntimeException | Error e) {
            namespaces.close();
            throw e;
        }
    }

    /** In 198.18.0.0/15, which RFC 2544 keeps for tests of network devices: a /30 by process. @param host 1 or 2 */
    private String address(int host) {
        int network = (int) (id % NETWORKS) * 4;
        return "198." + (18 + (network >> 16)) + "." + (network >> 8 & 0xff) + "." + (network & 0xff | host);
    }

    /** This process's end. */
    String device() {
        return device;
    }

    void start() {
        traffic = far.start(EchoStream.program(Traffic.class, address(1), Integer.toString(reflector.port())));
    }

    /** Returns once so many more packets have come through the interface. @throws AssertionError they do not */
    void awaitPackets(int more, Duration atMost) {
        long enough = reflector.arrived() + more;
        try {
            Await.until("datagrams come through the stage", atMost, () -> reflector.arrived() >= enough);
        } catch (AssertionError e) {
            throw new AssertionError(e.getMessage() + "; the sender says: " + traffic.output(), e);
        }
    }

    SwapUnderTraffic.Report end(int replacements, double longestSwitchMicros) {
        EchoStream.Report report = EchoStream.ended(traffic);
        return new SwapUnderTraffic.Report(
                replacements, report.sent(), reflector.arrived(), report.answered(), longestSwitchMicros);
    }

    @Override
    public void close() {
        reflector.close();
        /* A namespace takes its end of a veth away in its own time; the next track has one of the same name. */
        Command.attempt(List.of("ip", "link", "delete", device));
        namespaces.close();
    }
}
