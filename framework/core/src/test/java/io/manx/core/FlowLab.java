package io.manx.core;

import static io.manx.core.EngineTest.ip;
import static org.assertj.core.api.Assertions.assertThat;

import io.manx.libbpf.BpfMap;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** A pair of interfaces, datagrams from one to the other, and the map that flows counts them in. */
final class FlowLab {
    /** What the stage knows of a flow, whatever the layout. */
    record Flow(long firstNanos, long packets) {}

    private final String near;
    private final String far;
    private final PinRoot pins;

    FlowLab(Path state) throws IOException, InterruptedException {
        near = OwnNames.of("l") + "n";
        far = OwnNames.of("l") + "f";
        pins = PinRoot.of(state);
        ip("link", "delete", near);
        assertThat(ip("link", "add", near, "type", "veth", "peer", "name", far)).isZero();
        for (String each : List.of(near, far)) {
            ip("link", "set", each, "addrgenmode", "none");
            ip("link", "set", each, "up");
            ip("addr", "add", each.equals(near) ? "fe80::fb:1/64" : "fe80::fb:2/64", "dev", each, "nodad");
        }
    }

    String near() {
        return near;
    }

    Path pin() {
        return pinOf(pins);
    }

    /** As stages are told: copying.h. */
    boolean isCopying() {
        try (BpfMap map = BpfMap.open(pins.maps().resolve("manx_copying"))) {
            return map.get(map.key().allocate()).orElseThrow().order(ByteOrder.nativeOrder()).getInt(0) != 0;
        }
    }

    static Path pinOf(PinRoot pins) {
        return pins.maps().resolve("bundle:flows+flows");
    }

    Path nextPin() {
        return pin().resolveSibling("bundle:flows+flows~next");
    }

    /** One datagram to each port from {@code first} on. */
    void send(int first, int ports) throws IOException {
        try (DatagramSocket socket = new DatagramSocket()) {
            InetAddress all = everybody();
            for (int port = first; port < first + ports; port++) {
                socket.send(new DatagramPacket(new byte[16], 16, all, port));
            }
        }
    }

    InetAddress everybody() throws IOException {
        int index = NetworkInterface.getByName(far).getIndex();
        return Inet6Address.getByAddress(null, InetAddress.getByName("ff02::1").getAddress(), index);
    }

    /** By port, of the map that is pinned under the name itself. */
    Map<Integer, Flow> flows() {
        try (BpfMap map = BpfMap.open(pin())) {
            return flows(map);
        }
    }

    static Map<Integer, Flow> flows(BpfMap map) {
        Map<Integer, Flow> flows = new HashMap<>();
        map.forEach((key, value) -> flows.put(
                (int) map.key().field("port").get(key),
                new Flow(map.value().field("first_ns").get(value), map.value().field("packets").get(value))));
        return flows;
    }

    /** As a program on the old map would. */
    static void put(BpfMap map, int port, long firstNanos, long packets) {
        map.put(key(map, port), value(map, firstNanos, packets));
    }

    static ByteBuffer key(BpfMap map, int port) {
        ByteBuffer key = map.key().allocate();
        map.key().field("port").set(key, port);
        return key;
    }

    private static ByteBuffer value(BpfMap map, long firstNanos, long packets) {
        ByteBuffer value = map.value().allocate();
        map.value().field("first_ns").set(value, firstNanos);
        map.value().field("packets").set(value, packets);
        return value;
    }

    static void fill(Path pin, int first, int ports) {
        try (BpfMap map = BpfMap.open(pin)) {
            fill(map, first, ports);
        }
    }

    static void fill(BpfMap map, int first, int ports) {
        Map<ByteBuffer, ByteBuffer> entries = new HashMap<>();
        for (int port = first; port < first + ports; port++) {
            entries.put(key(map, port).order(ByteOrder.nativeOrder()), value(map, port, 1));
        }
        map.putAll(entries);
    }

    Held held() throws IOException {
        return Held.of(pins).generationless();
    }

    static void await(String what, BooleanSupplier is) {
        long deadline = System.nanoTime() + 20_000_000_000L;
        while (!is.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    /** Also what a killed process has left. */
    void remove() throws IOException, InterruptedException {
        ip("link", "delete", near);
        if (Files.exists(pins.path())) {
            try (Stream<Path> all = Files.walk(pins.path())) {
                all.sorted(Comparator.reverseOrder()).forEach(FlowLab::delete);
            }
        }
    }

    private static void delete(Path path) {
        try {
            Files.delete(path);
        } catch (IOException e) {
            throw new UncheckedIOException("deleting " + path, e);
        }
    }
}
