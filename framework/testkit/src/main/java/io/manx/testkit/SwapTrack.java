package io.manx.testkit;

import java.io.IOException;
import java.nio.file.Path;
import java.net.InetAddress;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A veth from the namespace that this process is in to one that sends datagrams through it, which are sent back. Names
 * and addresses are this process's own, so that several may stand side by side.
 */
final class SwapTrack implements AutoCloseable {
    private static final Duration ENDS = Duration.ofSeconds(10);
    private static final Pattern RESULT = Pattern.compile("sent (\\d+) answered (\\d+)");
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
        traffic = far.start(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1", "-cp", ownClasses(), Traffic.class.getName(),
                address(1), Integer.toString(reflector.port()));
    }

    private static String ownClasses() {
        try {
            return Path.of(Traffic.class.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException("where the testkit's classes are is no path", e);
        }
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
        traffic.endInput();
        traffic.awaitEnd(ENDS);
        Matcher result = RESULT.matcher(traffic.output());
        if (!result.find()) {
            throw new AssertionError("the sender of datagrams failed: " + traffic.output());
        }
        return new SwapUnderTraffic.Report(
                replacements, Long.parseLong(result.group(1)), reflector.arrived(), Long.parseLong(result.group(2)),
                longestSwitchMicros);
    }

    @Override
    public void close() {
        reflector.close();
        namespaces.close();
    }
}
