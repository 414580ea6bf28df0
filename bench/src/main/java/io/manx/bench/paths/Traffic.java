package io.manx.bench.paths;

import io.manx.bench.lab.Lab;
import io.manx.bench.run.Commands;
import io.manx.bench.run.Effort;
import io.manx.testkit.Namespace;
import io.manx.testkit.Running;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The senders and receivers of src/main/c, and what they measured. */
final class Traffic implements AutoCloseable {
    private static final Pattern COUNTER = Pattern.compile("packets (\\d+)");
    /** The client's port of the flow that is flooded or injected. */
    private static final int FROM_PORT = 40_000;
    /** DSCP 7: what says that a frame is to be counted and dropped where it arrives. */
    private static final int COUNTED_TOS = 0x1c;
    private static final int FRAME_BYTES = 110;
    private static final int RECEIVER_QUIET_MS = 60;
    /** Of what takes milliseconds: the median is the sample. */
    private static final int REPEATS = 3;
    private static final int SETTLE_MS = 200;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Lab lab;
    private final Effort effort;
    private final Path program;

    Traffic(Lab lab, Effort effort) throws IOException {
        this.lab = lab;
        this.effort = effort;
        program = unpack();
        lab.server().exec("nft", "add table netdev bench; "
                + "add chain netdev bench arrived { type filter hook ingress device eth0 priority 0; }; "
                + "add rule netdev bench arrived ip dscp 7 counter drop");
        lab.client().sysctl("net.ipv4.tcp_max_tw_buckets", "0");
    }

    private static Path unpack() throws IOException {
        Path file = Files.createTempFile("manx-traffic", "");
        try (InputStream in = Traffic.class.getResourceAsStream("/META-INF/native/manx-traffic")) {
            if (in == null) {
                throw new IOException("META-INF/native/manx-traffic is missing from io.manx.bench: it was built without clang");
            }
            Files.write(file, in.readAllBytes());
        }
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    }

    /** @param arguments {@code name=value} */
    private Map<String, Double> run(List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(arguments);
        return values(Commands.run(command));
    }

    private static Map<String, Double> values(String output) {
        String line = output.lines().reduce((first, second) -> second).orElse("");
        return Arrays.stream(line.split(" "))
                .map(word -> word.split("="))
                .collect(Collectors.toMap(pair -> pair[0], pair -> Double.parseDouble(pair[1])));
    }

    private List<String> ends(String command, Way way) {
        return new ArrayList<>(List.of(command, "client=" + lab.client().name(), "server=" + lab.server().name(),
                "to=" + way.to(), "to_port=" + way.toPort(), "bind_port=" + way.bindPort(), "cpu=0"));
    }

    /** Median nanoseconds of a round trip. */
    double roundTrip(Way way, String protocol) throws IOException {
        List<String> arguments = ends("pingpong", way);
        arguments.addAll(List.of("protocol=" + protocol, "count=" + Math.max(50, 20 * effort.millis())));
        return run(arguments).get("p50_ns");
    }

    /** @param cpuNanos of one, both its ends and the gateway: others' work is not in it */
    record Connections(double perSecond, double cpuNanos) {}

    Connections connections(Way way) throws IOException {
        List<String> arguments = ends("connect", way);
        arguments.add("ms=" + effort.millis());
        Map<String, Double> made = run(arguments);
        double number = Math.max(1, made.get("connections"));
        return new Connections(number / made.get("wall_ns") * 1e9, made.get("cpu_ns") / number);
    }

    /** Lets whoever has just set up a way come to rest. */
    void settle() throws InterruptedException {
        Thread.sleep(effort.isTiny() ? 0 : SETTLE_MS);
    }

    record Stream(double gigabits, double nanosPerSegment) {}

    Stream stream(Way way, int streams) throws IOException {
        List<String> arguments = ends("stream", way);
        arguments.addAll(List.of("streams=" + streams, "ms=" + effort.millis(), "send_cpu=0", "receive_cpu=1"));
        Map<String, Double> sent = run(arguments);
        return new Stream(8 * sent.get("bytes") / sent.get("wall_ns"), sent.get("cpu_ns") / Math.max(1, sent.get("segments")));
    }

    /** Segments as the sender cuts them are what crosses the gateway, instead of 64 KiB at once. */
    void segmentation(boolean offload) throws IOException {
        String how = offload ? "on" : "off";
        for (Namespace host : List.of(lab.client(), lab.server())) {
            host.exec("ethtool", "-K", "eth0", "tso", how, "gso", how);
        }
        for (String port : List.of(Lab.CLIENT_PORT, Lab.SERVER_PORT)) {
            Commands.run("ethtool", "-K", port, "tso", how, "gso", how);
        }
    }

    /** One datagram there and one back, by the port that is flooded from: the flow is established to whoever tracks it. */
    private void open(Way way) throws IOException {
        List<String> arguments = ends("pingpong", way);
        arguments.addAll(List.of("protocol=udp", "count=2", "from_port=" + FROM_PORT));
        run(arguments);
    }

    record Injected(double nanosPerPacket, double perSecond) {}

    /** CPU of the gateway and of a server that drops at once, by frames as if received on the client's port. */
    Injected inject(Way way) throws IOException {
        open(way);
        List<Injected> taken = new ArrayList<>();
        for (int i = 0; i < REPEATS; i++) {
            taken.add(injectOnce(way));
        }
        taken.sort(Comparator.comparingDouble(Injected::nanosPerPacket));
        return taken.get(REPEATS / 2);
    }

    private Injected injectOnce(Way way) throws IOException {
        long before = arrived();
        List<String> arguments = frame("inject", way, lab.client().mac("eth0"), Lab.mac(Lab.CLIENT_PORT));
        arguments.addAll(List.of("ifindex=" + Lab.ifindex(Lab.CLIENT_PORT), "packets=" + 300 * effort.millis(), "tos=" + COUNTED_TOS));
        Map<String, Double> sent = run(arguments);
        double all = sent.get("packets") + sent.get("warm");
        double came = arrived() - before;
        if (came < 0.9 * all) {
            throw new IOException(way.name() + ": of " + (long) all + " injected frames " + (long) came + " came to the server");
        }
        double counted = sent.get("packets") * came / all;
        return new Injected((sent.get("cpu_ns") + sent.get("softirq_ns")) / counted, counted / sent.get("wall_ns") * 1e9);
    }

    long arrived() {
        Matcher counter = COUNTER.matcher(lab.server().exec("nft", "list", "chain", "netdev", "bench", "arrived"));
        if (!counter.find()) {
            throw new IllegalStateException("nftables does not count what arrives at the server");
        }
        return Long.parseLong(counter.group(1));
    }

    /** Likewise with a sender on one core and a receiver on the other, and all their work. */
    Injected flood(Way way) throws IOException {
        try (Running sink = lab.server().start(program.toString(), "sink", "port=" + way.bindPort(), "cpu=1", "answer=1",
                "quiet_ms=" + RECEIVER_QUIET_MS)) {
            sink.awaitLine("listening", PATIENCE);
            opening(way);
            List<String> arguments = frame("flood", way, lab.client().mac("eth0"), Lab.mac(Lab.CLIENT_PORT));
            arguments.addAll(List.of("device=eth0", "ms=" + effort.millis(), "cpu=0"));
            List<String> inside = new ArrayList<>(List.of(program.toString()));
            inside.addAll(arguments);
            Map<String, Double> sent = values(lab.client().exec(inside.toArray(String[]::new)));
            sink.awaitEnd(PATIENCE);
            Map<String, Double> received = values(sink.output());
            double cpu = sent.get("cpu_ns") + sent.get("softirq_ns") + received.get("cpu_ns");
            return new Injected(cpu / received.get("received"), received.get("received") / sent.get("wall_ns") * 1e9);
        }
    }

    /** Datagrams from the client to the server that cross the gateway until this is closed; nobody measures them. */
    Running flooding(Way way, int millis) throws IOException {
        List<String> arguments = frame("flood", way, lab.client().mac("eth0"), Lab.mac(Lab.CLIENT_PORT));
        arguments.addAll(List.of("device=eth0", "ms=" + millis, "cpu=0", "tos=" + COUNTED_TOS));
        arguments.add(0, program.toString());
        return lab.client().start(arguments.toArray(String[]::new));
    }

    /** The datagram that the sink answers. */
    private void opening(Way way) throws IOException {
        List<String> arguments = frame("flood", way, lab.client().mac("eth0"), Lab.mac(Lab.CLIENT_PORT));
        arguments.addAll(List.of("device=eth0", "ms=1", "cpu=0"));
        List<String> inside = new ArrayList<>(List.of(program.toString()));
        inside.addAll(arguments);
        lab.client().exec(inside.toArray(String[]::new));
    }

    private static List<String> frame(String command, Way way, byte[] from, byte[] to) {
        HexFormat mac = HexFormat.ofDelimiter(":");
        return new ArrayList<>(List.of(command, "from_mac=" + mac.formatHex(from), "to_mac=" + mac.formatHex(to),
                "from=" + Lab.CLIENT4, "from_port=" + FROM_PORT, "to=" + way.to(), "to_port=" + way.toPort(), "bytes=" + FRAME_BYTES));
    }

    @Override
    public void close() throws IOException {
        Files.delete(program);
    }
}
