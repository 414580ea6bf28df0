package io.manx.testkit;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;

/**
 * Network namespaces for a test, joined by veths, in which real programs run; all of it goes when this is closed.
 *
 * <pre>{@code
 * try (Namespaces net = new Namespaces("manx-nat")) {
 *     Namespace client = net.add("client");
 *     Namespace server = net.add("server");
 *     net.connect(client, "eth0", server, "eth0");
 *     client.address("eth0", "192.0.2.1/24");
 *     server.address("eth0", "192.0.2.2/24");
 *     client.exec("ping", "-c", "1", "192.0.2.2");
 * }
 * }</pre>
 *
 * <p>Takes root. What a killed run of the same test has left behind is removed first; what is there when this process is
 * asked to end is removed then.
 */
public final class Namespaces implements AutoCloseable {
    private final String prefix;
    private final Deque<Namespace> namespaces = new ArrayDeque<>();
    private final Thread atExit = new Thread(this::removeAll, "namespaces");

    /** @param prefix of every name: {@code manx-} and the test's own part */
    public Namespaces(String prefix) {
        if (!prefix.matches("manx-[a-z0-9-]+")) {
            throw new IllegalArgumentException("namespaces of tests are called manx-SOMETHING, not " + prefix);
        }
        this.prefix = prefix + "-";
        removeLeftovers();
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    /**
     * With this process's number after the prefix: several builds may run side by side. What runs of the same test have left
     * whose process is no more is removed.
     */
    public static Namespaces ofThisProcess(String prefix) {
        names().filter(name -> isLeft(name, prefix + "-")).forEach(name -> new Namespace(name).remove());
        return new Namespaces(prefix + "-" + ProcessHandle.current().pid());
    }

    /** Called {@code prefix}, the number of a process that is no more, and something. */
    private static boolean isLeft(String name, String prefix) {
        String pid = name.startsWith(prefix) ? name.substring(prefix.length()).split("-")[0] : "";
        return pid.matches("[0-9]+") && !Files.exists(Path.of("/proc", pid));
    }

    private void removeLeftovers() {
        names().filter(name -> name.startsWith(prefix)).forEach(name -> new Namespace(name).remove());
    }

    private static Stream<String> names() {
        return Command.run(List.of("ip", "netns", "list")).lines().map(line -> line.split(" ")[0]);
    }

    /** Makes one, with its loopback up. @param name without the prefix */
    public synchronized Namespace add(String name) {
        Namespace namespace = new Namespace(prefix + name);
        namespaces.push(namespace);
        namespace.create();
        return namespace;
    }

    /** Makes a veth pair, both ends up. @param nameHere up to 15 characters */
    public void connect(Namespace here, String nameHere, Namespace there, String nameThere) {
        Command.run(List.of(
                "ip", "link", "add", nameHere, "netns", here.name(), "type", "veth",
                "peer", "name", nameThere, "netns", there.name()));
        here.ip("link set " + nameHere + " up");
        there.ip("link set " + nameThere + " up");
    }

    private synchronized void removeAll() {
        AssertionError failed = null;
        while (!namespaces.isEmpty()) {
            try {
                namespaces.pop().remove();
            } catch (AssertionError e) {
                failed = failed == null ? e : failed;
            }
        }
        if (failed != null) {
            throw failed;
        }
    }

    /** Ends every program and removes every namespace, the youngest first. @throws AssertionError one would not go */
    @Override
    public void close() {
        removeAll();
        Runtime.getRuntime().removeShutdownHook(atExit);
    }
}
