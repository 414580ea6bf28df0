package io.manx.bench.lab;

import io.manx.bench.run.Commands;
import io.manx.core.StageDescriptor;
import io.manx.testkit.Namespace;
import io.manx.testkit.Namespaces;
import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A client and a server in network namespaces of their own, and a gateway between them: the namespace that this process
 * is in, which has nothing else in it and goes with it.
 *
 * <pre>
 *   client ──eth0───client── [this process] ──server───eth0── server
 *   10.20.0.2/16             .1          .1             10.30.0.2/16
 *   fd20::2/64               ::1        ::1               fd30::2/64
 * </pre>
 */
public final class Lab implements AutoCloseable {
    /** The gateway's interfaces, by whom they lead to. */
    public static final String CLIENT_PORT = "client";
    public static final String SERVER_PORT = "server";

    public static final String CLIENT4 = "10.20.0.2";
    public static final String SERVER4 = "10.30.0.2";
    public static final String CLIENT6 = "fd20::2";
    public static final String SERVER6 = "fd30::2";

    private final Namespaces namespaces;
    private final Namespace client;
    private final Namespace server;

    /** @throws IOException the namespaces can't be made, or this process is in no namespace of its own */
    public Lab() throws IOException {
        requireOwnNamespace();
        namespaces = Namespaces.ofThisProcess("manx-bench");
        try {
            client = namespaces.add("client");
            server = namespaces.add("server");
            ip("link set lo up");
            connect(CLIENT_PORT, client, "10.20.0", "fd20:");
            connect(SERVER_PORT, server, "10.30.0", "fd30:");
            sysctl("net.ipv4.ip_forward", "1");
            sysctl("net.ipv6.conf.all.forwarding", "1");
            knowNeighbours();
        } catch (IOException | RuntimeException | Error e) {
            namespaces.close();
            throw e;
        }
    }

    /** Forwarding, rules and programs of the machine's own namespace are nobody's to try things with. */
    private static void requireOwnNamespace() throws IOException {
        List<String> others = ip("-o link show").lines().filter(line -> !line.startsWith("1: lo:")).toList();
        if (!others.isEmpty()) {
            throw new IOException("the benchmark makes a gateway of the network namespace it runs in, and this one has\n"
                    + String.join("\n", others) + "\n" + ": start it by bin/manx bench, or behind `unshare --net`");
        }
    }

    private static void connect(String port, Namespace host, String net4, String net6) throws IOException {
        ip("link add " + port + " type veth peer name eth0 netns " + host.name());
        sysctl("net.ipv6.conf." + port + ".accept_dad", "0");
        ip("link set " + port + " up");
        host.ip("link set eth0 up");
        ip("addr add " + net4 + ".1/16 dev " + port);
        ip("-6 addr add " + net6 + ":1/64 dev " + port + " nodad");
        host.address("eth0", net4 + ".2/16", net6 + ":2/64");
        host.route("default", net4 + ".1").route("default", net6 + ":1");
    }

    /** No variant waits for an answer to ARP while it is measured. */
    private void knowNeighbours() throws IOException {
        neighbour(CLIENT_PORT, client, CLIENT4, CLIENT6, "10.20.0.1", "fd20::1");
        neighbour(SERVER_PORT, server, SERVER4, SERVER6, "10.30.0.1", "fd30::1");
    }

    private static void neighbour(String port, Namespace host, String theirs4, String theirs6, String ours4, String ours6)
            throws IOException {
        String their = text(host.mac("eth0"));
        String our = text(mac(port));
        ip("neigh replace " + theirs4 + " lladdr " + their + " dev " + port + " nud permanent");
        ip("-6 neigh replace " + theirs6 + " lladdr " + their + " dev " + port + " nud permanent");
        host.ip("neigh replace " + ours4 + " lladdr " + our + " dev eth0 nud permanent");
        host.ip("-6 neigh replace " + ours6 + " lladdr " + our + " dev eth0 nud permanent");
    }

    public Namespace client() {
        return client;
    }

    public Namespace server() {
        return server;
    }

    /** Manx on the gateway, with the stages that are on the class path. */
    public Dataplane manx(String yaml) throws IOException {
        return manx(yaml, Stages.onClassPath());
    }

    public Dataplane manx(String yaml, List<StageDescriptor> stages) throws IOException {
        return new Dataplane(yaml, stages);
    }

    /** {@code ip} in the gateway. */
    public static String ip(String arguments) throws IOException {
        return Commands.run(List.of(("ip " + arguments).split(" ")));
    }

    public static void sysctl(String key, String value) throws IOException {
        Commands.run("sh", "-c", "printf %s \"$1\" > \"$2\"", "sh", value, "/proc/sys/" + key.replace('.', '/'));
    }

    public static int ifindex(String port) throws IOException {
        return Integer.parseInt(find(port, "^(\\d+): "));
    }

    /** 6 bytes. */
    public static byte[] mac(String port) throws IOException {
        return HexFormat.ofDelimiter(":").parseHex(find(port, "link/ether (\\S+)"));
    }

    private static String text(byte[] mac) {
        return HexFormat.ofDelimiter(":").formatHex(mac);
    }

    /** By lines: where somebody's namespaces come and go meanwhile, ip may say so first. */
    private static String find(String port, String regex) throws IOException {
        String line = ip("-o link show dev " + port);
        Matcher matcher = Pattern.compile(regex, Pattern.MULTILINE).matcher(line);
        if (!matcher.find()) {
            throw new IOException("no '" + regex + "' in what ip says of " + port + ": " + line);
        }
        return matcher.group(1);
    }

    /** The kernel removes a namespace's interfaces some time after it: here the next lab is made at once. */
    @Override
    public void close() throws IOException {
        try {
            ip("link del " + CLIENT_PORT);
            ip("link del " + SERVER_PORT);
        } finally {
            namespaces.close();
        }
    }
}
