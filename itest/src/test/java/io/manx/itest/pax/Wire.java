package io.manx.itest.pax;

import io.manx.testkit.EchoStream;
import io.manx.testkit.Namespace;
import io.manx.testkit.Namespaces;
import java.io.IOException;

/**
 * A veth from this process's namespace, where the framework of a test attaches to it, to a namespace of the test's own.
 * Tests run by other class loaders than what configures them: each knows a wire by its number. Names and
 * addresses are this process's own, so that several may run side by side.
 *
 * @param number 0 to 9, one a test class
 */
record Wire(int number) {
    private static final int PORT = 5201;
    private static final int WIRES = 16;
    private static final int PROCESSES = 1 << 11;
    private static final long PROCESS = ProcessHandle.current().pid();

    /** The end in this process's namespace. */
    String device() {
        return "mx" + number + "p" + PROCESS;
    }

    /** In 198.18.0.0/15, which RFC 2544 keeps for tests of network devices: a /30 by process and wire. @param host 1 or 2 */
    private String address(int host) {
        int network = ((int) (PROCESS % PROCESSES) * WIRES + number) * 4;
        return "198." + (18 + (network >> 16)) + "." + (network >> 8 & 0xff) + "." + ((network & 0xff) + host);
    }

    /** Makes it, in place of one that an earlier run left; removed when the process ends. */
    Wire create() throws IOException, InterruptedException {
        ip("link", "delete", device());
        Namespace far = Namespaces.ofThisProcess("manx-pax" + number).add("far");
        require("link", "add", device(), "type", "veth", "peer", "name", "eth0", "netns", far.name());
        require("address", "add", address(1) + "/30", "dev", device());
        require("link", "set", device(), "up");
        far.ip("link set eth0 up");
        far.address("eth0", address(2) + "/30");
        return this;
    }

    Namespace far() {
        return Namespace.named("manx-pax" + number + "-" + PROCESS + "-far");
    }

    /** Datagrams from the far end in by the device, and the answers out by it. */
    EchoStream stream() {
        return EchoStream.start(far(), address(1), PORT);
    }

    /** Of a TCP port of this end. */
    String url(int port) {
        return "telnet://" + address(1) + ":" + port;
    }

    private static void require(String... words) throws IOException, InterruptedException {
        if (ip(words) != 0) {
            throw new IOException("ip " + String.join(" ", words) + " failed: is this run as root?");
        }
    }

    private static int ip(String... words) throws IOException, InterruptedException {
        String[] command = new String[words.length + 1];
        command[0] = "ip";
        System.arraycopy(words, 0, command, 1, words.length);
        return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor();
    }
}
