package io.manx.itest.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.manx.itest.Await;
import io.manx.testkit.Namespace;
import io.manx.testkit.Running;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * All that a lab's machine can send through its gateway: datagrams both ways, as fast as senders get them away, some to a
 * Service; and 20 TCP connections that talk on and on, half of them to a Service.
 */
final class FullLoad implements AutoCloseable {
    private static final String SERVICE = "10.96.0.20";
    private static final String CLIENT = "10.99.1.2";
    private static final String TWO = "10.99.3.2";
    private static final int ECHO_PORT = 7000;
    private static final int TO_SERVER = Arrivals.FIRST_PORT;
    private static final int TO_SERVICE = Arrivals.FIRST_PORT + 1;
    private static final int TO_CLIENT = Arrivals.FIRST_PORT + 2;
    private static final int CONNECTIONS = 20;
    /** Senders never leave a CPU idle, and never keep one from whoever else has work: full speed, on any machine. */
    private static final int FLOOD_NICE = 19;
    private static final Duration STARTS = Duration.ofSeconds(30);
    private static final Duration ENDS = Duration.ofSeconds(60);

    private static final String RESOURCES = """
            apiVersion: v1
            kind: Service
            metadata: {name: load, namespace: default}
            spec:
              clusterIP: 10.96.0.20
              ports:
                - {name: echo, protocol: TCP, port: 7000, targetPort: 7000}
                - {name: flood, protocol: UDP, port: 5202, targetPort: 5202}
            ---
            apiVersion: discovery.k8s.io/v1
            kind: EndpointSlice
            metadata: {name: load-1, namespace: default, labels: {kubernetes.io/service-name: load}}
            addressType: IPv4
            ports:
              - {name: echo, protocol: TCP, port: 7000}
              - {name: flood, protocol: UDP, port: 5202}
            endpoints:
              - {addresses: [10.99.2.2], conditions: {ready: true}}
              - {addresses: [10.99.3.2], conditions: {ready: true}}
            ---
            apiVersion: projectcalico.org/v3
            kind: GlobalNetworkPolicy
            metadata: {name: load}
            spec:
              order: 20
              selector: role == 'server'
              types: [Ingress]
              ingress:
                - {action: Allow, protocol: TCP, destination: {ports: [7000]}}
            """;

    private final Lab lab;
    private final Map<String, Arrivals> arrivals = new TreeMap<>();
    private final List<Running> running = new ArrayList<>();
    private Running up;
    private Running down;
    private Running talk;
    private Machine before;
    private long arrivedBefore;
    private long beganNanos;

    /** What the machine itself has lost or broken off, from /proc. */
    private record Machine(long softnetDrops, long resets, long retransmitted) {}

    /** Datagrams one way. */
    private record Way(String name, long sent, long arrived) {}

    /** Writes what the load needs into the lab's resources, before Manx starts. */
    static void prepare(Path config) throws IOException {
        Files.writeString(config.resolve("load.yaml"), RESOURCES);
    }

    FullLoad(Lab lab) throws IOException {
        this.lab = lab;
        arrivals.put("client", new Arrivals(lab.client, "eth0"));
        arrivals.put("one", new Arrivals(lab.one, "eth0"));
        arrivals.put("two", new Arrivals(lab.two, "eth0"));
        for (Namespace server : List.of(lab.one, lab.two)) {
            server.start("socat", "TCP4-LISTEN:" + ECHO_PORT + ",fork,reuseaddr,backlog=64", "PIPE");
            Await.until("the echo answers", () -> server.exec("ss", "-Hltn").contains(":" + ECHO_PORT + " "));
        }
    }

    /** To be ended by {@link #end}. */
    void start() throws IOException {
        before = machine();
        arrivedBefore = arrived();
        beganNanos = System.nanoTime();
        talk = java(0, lab.client, TalkMain.class, talkTargets());
        talk.awaitLine("talking", STARTS);
        up = java(FLOOD_NICE, lab.client, FloodMain.class, Lab.ADDRESS_ONE + ":" + TO_SERVER, SERVICE + ":" + TO_SERVICE);
        down = java(FLOOD_NICE, lab.two, FloodMain.class, CLIENT + ":" + TO_CLIENT);
        up.awaitLine("flooding", STARTS);
        down.awaitLine("flooding", STARTS);
    }

    private static String[] talkTargets() {
        List<String> targets = new ArrayList<>(Collections.nCopies(CONNECTIONS / 2, SERVICE + ":" + ECHO_PORT));
        targets.addAll(Collections.nCopies(CONNECTIONS / 4, Lab.ADDRESS_ONE + ":" + ECHO_PORT));
        targets.addAll(Collections.nCopies(CONNECTIONS / 4, TWO + ":" + ECHO_PORT));
        return targets.toArray(String[]::new);
    }

    private Running java(int nice, Namespace where, Class<?> program, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                "nice", "-n", Integer.toString(nice),
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx32m",
                "-cp", "target/test-classes", program.getName()));
        command.addAll(List.of(arguments));
        Running started = where.start(command.toArray(String[]::new));
        running.add(started);
        return started;
    }

    /** Datagrams that have arrived since the lab stands, all ways. */
    long arrived() {
        return at(TO_SERVER) + at(TO_SERVICE) + at(TO_CLIENT);
    }

    private long at(int port) {
        return arrivals.values().stream().mapToLong(each -> each.at(port)).sum();
    }

    /**
     * Ends it, prints what came of it, and fails unless all that was sent has arrived and every connection lives.
     *
     * @param what under this load
     */
    void end(String what) throws IOException {
        down.endInput();
        up.endInput();
        List<Long> sentUp = numbers(up, "sent (\\d+) (\\d+)");
        List<Long> sentDown = numbers(down, "sent (\\d+)");
        double seconds = (System.nanoTime() - beganNanos) / 1e9;
        talk.endInput();
        List<Long> talked = numbers(talk, "lived (\\d+) echoes (\\d+)");
        long sent = sentUp.get(0) + sentUp.get(1) + sentDown.get(0);
        Machine after = machine();
        System.out.printf(
                Locale.ROOT,
                "load: %s: %,d datagrams sent, %,d arrived (%,.0f/s: to a server %,d, to a Service %,d, to the client %,d);"
                        + " %d of %d TCP connections live, %,d echoes, %d resets, %d segments sent again;"
                        + " %d packets dropped by the machine's own queues%n",
                what, sent, arrived() - arrivedBefore, sent / seconds, sentUp.get(0), sentUp.get(1), sentDown.get(0),
                talked.get(0), CONNECTIONS, talked.get(1), after.resets - before.resets,
                after.retransmitted - before.retransmitted, after.softnetDrops - before.softnetDrops);
        long lostBefore = after.softnetDrops - before.softnetDrops;
        assertThat(arrived() - arrivedBefore)
                .as("datagrams that arrived under %s; %d packets the machine's own queues dropped (softnet_stat), which is not"
                        + " Manx's doing: then it is too busy for this test", what, lostBefore)
                .isEqualTo(sent);
        assertThat(talked.get(0)).as("connections that live on: " + talk.output()).isEqualTo(CONNECTIONS);
        assertThat(after.resets - before.resets).as("TCP resets").isZero();
    }

    private static List<Long> numbers(Running program, String regex) {
        int status = program.awaitEnd(ENDS);
        Matcher line = Pattern.compile(regex).matcher(program.output());
        if (status != 0 || !line.find()) {
            throw new AssertionError("a program of the load ended with " + status + " and said: " + program.output());
        }
        List<Long> numbers = new ArrayList<>();
        for (int i = 1; i <= line.groupCount(); i++) {
            numbers.add(Long.parseLong(line.group(i)));
        }
        return numbers;
    }

    private Machine machine() throws IOException {
        long drops = Files.readAllLines(Path.of("/proc/net/softnet_stat")).stream()
                .mapToLong(line -> Long.parseLong(line.split(" ")[1], 16))
                .sum();
        return new Machine(drops, tcp("OutRsts") + tcp("EstabResets"), tcp("RetransSegs"));
    }

    /** A counter of all ends together. */
    private long tcp(String name) {
        long sum = 0;
        for (Namespace end : List.of(lab.client, lab.one, lab.two)) {
            List<String> lines = end.exec("cat", "/proc/net/snmp").lines().filter(line -> line.startsWith("Tcp:")).toList();
            sum += Long.parseLong(lines.get(1).split(" ")[List.of(lines.get(0).split(" ")).indexOf(name)]);
        }
        return sum;
    }

    /** What still runs, as a test has failed. */
    void stop() {
        running.forEach(Running::close);
        running.clear();
    }

    @Override
    public void close() {
        stop();
        arrivals.values().forEach(Arrivals::close);
    }
}
