package io.manx.itest.e2e;

import io.manx.libbpf.BpfMap;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** The table of IPv4 flows of a Manx that runs, as its pin shows it. */
final class FlowTables {
    /** Of class E: nobody sends to or from it. */
    private static final int FIRST_ADDRESS = 0xf0000000;

    private static final int TCP = 6;
    private static final int UDP = 17;
    private static final int PART = 32_000;

    private FlowTables() {}

    static String ofSize(int entries) {
        return """
                apiVersion: projectcalico.org/v3
                kind: FelixConfiguration
                metadata: {name: default}
                spec: {bpfMapSizeConntrack: %d}
                """.formatted(entries);
    }

    static int capacity(Path pin) {
        try (BpfMap map = BpfMap.open(pin)) {
            return map.capacity();
        }
    }

    /** Adds so many flows of which a packet has just been seen. */
    static void fill(Path pin, int flows) {
        try (BpfMap map = BpfMap.open(pin)) {
            Map<ByteBuffer, ByteBuffer> entries = new HashMap<>();
            for (int i = 0; i < flows; i++) {
                ByteBuffer key = map.key().allocate();
                map.key().field("addr_a").set(key, address(i));
                map.key().field("protocol").set(key, UDP);
                ByteBuffer value = map.value().allocate();
                map.value().field("last_ns").set(value, System.nanoTime());
                map.value().field("begin_ns").set(value, System.nanoTime());
                entries.put(key, value);
            }
            map.putAll(entries);
        }
    }

    /**
     * Adds so many TCP connections that are established and have just had a packet: none is swept for an hour. Their servers'
     * address is 10.96.0.1.
     */
    static void fillEstablished(Path pin, int flows) {
        try (BpfMap map = BpfMap.open(pin)) {
            fillEstablished(map, flows);
        }
    }

    /** As the other, in the table of either IP version. */
    static void fillEstablished(BpfMap map, int flows) {
        Map<ByteBuffer, ByteBuffer> part = new HashMap<>();
        for (int number = 0; number < flows; number++) {
            part.put(connection(map, number), established(map));
            if (part.size() == PART || number == flows - 1) {
                map.putAll(part);
                part.clear();
            }
        }
    }

    private static ByteBuffer connection(BpfMap map, int number) {
        ByteBuffer key = map.key().allocate();
        map.key().field("addr_a").setBytes(key, address(map, 10, number >> 16, number >> 8, 1));
        map.key().field("addr_b").setBytes(key, address(map, 10, 96, 0, 1));
        map.key().field("port_a").set(key, 1024 + (number & 0xff));
        map.key().field("port_b").set(key, 80);
        map.key().field("protocol").set(key, TCP);
        return key;
    }

    /** Of the map's IP version: these are its last bytes. */
    private static byte[] address(BpfMap map, int... bytes) {
        byte[] address = new byte[map.key().field("addr_a").size()];
        for (int i = 0; i < bytes.length; i++) {
            address[address.length - bytes.length + i] = (byte) bytes[i];
        }
        return address;
    }

    private static ByteBuffer established(BpfMap map) {
        ByteBuffer value = map.value().allocate();
        map.value().field("last_ns").set(value, System.nanoTime());
        map.value().field("begin_ns").set(value, System.nanoTime());
        map.value().field("said[0]").set(value, 3);
        map.value().field("said[1]").set(value, 1);
        return value;
    }

    private static long address(int number) {
        return Integer.toUnsignedLong(FIRST_ADDRESS + number);
    }

    /** How many of these there are. */
    static int filled(Path pin) {
        AtomicInteger found = new AtomicInteger();
        try (BpfMap map = BpfMap.open(pin)) {
            map.forEach((key, value) -> {
                long address = map.key().field("addr_a").get(key.order(ByteOrder.nativeOrder()));
                found.addAndGet(Long.compareUnsigned(address, address(0)) >= 0 ? 1 : 0);
            });
        }
        return found.get();
    }
}
