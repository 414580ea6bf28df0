package io.manx.itest.conntrack;

import io.manx.testkit.PacketBuilder;
import io.manx.testkit.Packets;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.locks.LockSupport;

/**
 * A program: sends packets of which each is a flow of its own, from sources that are not there, at a steady rate.
 * Arguments: INTERFACE syn|udp SOURCE-MAC DESTINATION-MAC DESTINATION PORT COUNT PACKETS-A-SECOND.
 *
 * <p>Each packet's checksums are right without being worked out: wherever a word is written, its complement is written
 * where the same checksum covers it.
 */
final class SprayMain {
    private static final int BATCH = 64;
    private static final int IP = Packets.ETHERNET_BYTES;
    private static final int IDENTIFICATION = IP + 4;
    private static final int SOURCE_LOW = IP + 14;
    private static final int L4 = IP + 20;
    private static final int TCP_SEQUENCE = L4 + 4;
    private static final int UDP_PAYLOAD = L4 + 8;
    private static final int PAYLOAD_BYTES = 32;
    private static final int LEAST_PORT = 1024;
    private static final int PORTS = 60_000;

    private final byte[] frame;
    private final int free;

    /** @param free where layer 4 has two words that mean nothing to anybody */
    private SprayMain(byte[] frame, int free) {
        this.frame = frame;
        this.free = free;
    }

    public static void main(String[] arguments) {
        int count = Integer.parseInt(arguments[6]);
        double perNano = Integer.parseInt(arguments[7]) / 1e9;
        SprayMain spray = of(arguments);
        try (RawPort port = new RawPort(arguments[0])) {
            System.out.println("spraying");
            long began = System.nanoTime();
            for (int i = 0; i < count; i++) {
                port.send(spray.packet(i));
                long early = (long) (i / perNano) - (System.nanoTime() - began);
                if (i % BATCH == 0 && early > 0) {
                    LockSupport.parkNanos(early);
                }
            }
            System.out.println("sent " + count + " in " + (System.nanoTime() - began) / 1_000_000 + " ms");
        }
    }

    private static SprayMain of(String... arguments) {
        InetAddress to = Packets.address(arguments[4]);
        InetAddress from = Packets.address("198.18.0.0");
        int port = Integer.parseInt(arguments[5]);
        boolean syn = arguments[1].equals("syn");
        PacketBuilder packet = syn
                ? Packets.tcp(from, 0, to, port).flags("SYN").sequence(0xffff_ffff, 0).payload(0)
                : Packets.udp(from, 0, to, port).payload(ones());
        byte[] frame = packet.macs(mac(arguments[2]), mac(arguments[3])).identification(0xffff).build();
        return new SprayMain(frame, syn ? TCP_SEQUENCE : UDP_PAYLOAD);
    }

    private static byte[] ones() {
        byte[] ones = new byte[PAYLOAD_BYTES];
        Arrays.fill(ones, (byte) 0xff);
        return ones;
    }

    private static byte[] mac(String text) {
        return HexFormat.ofDelimiter(":").parseHex(text);
    }

    /** Valid until the next. */
    private byte[] packet(int number) {
        int host = number & 0xffff;
        int port = LEAST_PORT + (number >> 16) * 7919 % PORTS;
        put(SOURCE_LOW, host);
        put(IDENTIFICATION, ~host);
        put(free, ~host);
        put(L4, port);
        put(free + 2, ~port);
        return frame;
    }

    private void put(int at, int word) {
        frame[at] = (byte) (word >> 8);
        frame[at + 1] = (byte) word;
    }
}
