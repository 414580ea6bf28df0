package io.manx.parse;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;

/** Packets by chance: most of them whole or nearly so, since what is wholly wrong is dropped at its first byte. */
final class RandomPackets {
    private static final int[] PROTOCOLS = {6, 6, 6, 17, 17, 1, 58, 132, 136, 47, 50, 51, 59, 89, 4, 2};
    private static final int[] EXTENSIONS = {0, 43, 44, 44, 60, 60, 135, 139, 140};
    private static final int[] TELLING = {0, 1, 2, 4, 6, 7, 8, 15, 16, 20, 40, 44, 59, 64, 127, 128, 224, 254, 255};
    private static final int[] FLAGS = {0x02, 0x12, 0x10, 0x18, 0x11, 0x04, 0x14};

    private final Random random;

    RandomPackets(long seed) {
        random = new Random(seed);
    }

    byte[] next() {
        boolean v4 = random.nextBoolean();
        byte[] packet = frame(v4, v4 ? ipv4() : ipv6());
        for (int changes = random.nextInt(3); changes > 0; changes--) {
            packet = mutated(packet);
        }
        return packet;
    }

    private byte[] frame(boolean v4, byte[] ip) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1});
        int tags = random.nextInt(8) > 0 ? 0 : 1 + random.nextInt(3);
        for (int i = 0; i < tags; i++) {
            short16(out, random.nextBoolean() ? 0x8100 : 0x88a8);
            short16(out, random.nextInt(0x10000));
        }
        short16(out, random.nextInt(50) == 0 ? 0x0806 : v4 ? 0x0800 : 0x86dd);
        out.writeBytes(ip);
        if (random.nextInt(4) == 0) {
            out.writeBytes(new byte[random.nextInt(20)]);
        }
        return out.toByteArray();
    }

    private byte[] ipv4() {
        int protocol = pick(PROTOCOLS);
        byte[] options = random.nextInt(4) > 0 ? new byte[0] : options();
        byte[] layer4 = layer4(protocol);
        ByteBuffer ip = ByteBuffer.allocate(20 + options.length + layer4.length);
        ip.put((byte) (0x40 | 5 + options.length / 4)).put((byte) 0).putShort((short) ip.capacity());
        ip.putShort((short) random.nextInt()).putShort((short) fragment4());
        ip.put((byte) 64).put((byte) protocol).putShort((short) 0);
        ip.put(address4()).put(address4()).put(options).put(layer4);
        return ip.array();
    }

    private int fragment4() {
        return switch (random.nextInt(8)) {
            case 0 -> 0x2000;
            case 1 -> random.nextInt(0x4000);
            case 2 -> 0x4000;
            default -> 0;
        };
    }

    private byte[] options() {
        byte[] options = new byte[4 * (1 + random.nextInt(10))];
        for (int at = 0; at < options.length; ) {
            int type = random.nextInt(5) == 0 ? random.nextInt(2) : random.nextInt(256);
            options[at] = (byte) type;
            int length = type < 2 ? 1 : 2 + random.nextInt(8);
            if (type > 1 && at + 1 < options.length) {
                options[at + 1] = (byte) (random.nextInt(4) > 0 ? Math.min(length, options.length - at) : length);
            }
            at += length;
        }
        return options;
    }

    private byte[] ipv6() {
        int protocol = pick(PROTOCOLS);
        byte[] body = protocol == 59 && random.nextBoolean() ? new byte[0] : layer4(protocol);
        int next = protocol;
        int extensions = random.nextInt(3) > 0 ? 0 : 1 + random.nextInt(9);
        for (int i = 0; i < extensions; i++) {
            int type = i == extensions - 1 && random.nextBoolean() ? 0 : pick(EXTENSIONS);
            body = joined(extension(type, next), body);
            next = type;
        }
        ByteBuffer ip = ByteBuffer.allocate(40 + body.length);
        ip.put((byte) 0x60).put((byte) 0).putShort((short) 0).putShort((short) body.length);
        ip.put((byte) next).put((byte) (random.nextBoolean() ? 255 : 64));
        ip.put(address6()).put(address6()).put(body);
        return ip.array();
    }

    private byte[] extension(int type, int next) {
        byte[] header = new byte[type == 44 ? 8 : 8 * (1 + (random.nextInt(20) == 0 ? random.nextInt(120) : random.nextInt(3)))];
        random.nextBytes(header);
        header[0] = (byte) next;
        header[1] = (byte) (header.length / 8 - 1);
        if (type == 44) {
            int field = random.nextInt(3) > 0 ? random.nextInt(2) : random.nextInt(0x10000);
            header[2] = (byte) (field >> 8);
            header[3] = (byte) field;
        } else if (type == 43) {
            header[2] = (byte) (random.nextInt(8) == 0 ? 0 : 2 + random.nextInt(3));
        }
        return header;
    }

    private byte[] layer4(int protocol) {
        byte[] bytes = new byte[random.nextInt(20) == 0 ? random.nextInt(12) : 8 * (3 + random.nextInt(12)) + (random.nextBoolean() ? 0 : 3)];
        random.nextBytes(bytes);
        if (bytes.length >= 20 && protocol == 6) {
            bytes[12] = (byte) (5 + random.nextInt(3) << 4);
            bytes[13] = (byte) pick(FLAGS);
        } else if (bytes.length >= 8 && (protocol == 17 || protocol == 136)) {
            int length = bytes.length - (random.nextInt(4) > 0 ? 0 : random.nextInt(8));
            bytes[4] = (byte) (length >> 8);
            bytes[5] = (byte) length;
        } else if (bytes.length >= 8 && (protocol == 58 || protocol == 1)) {
            bytes[0] = (byte) (random.nextBoolean() ? 128 + random.nextInt(12) : random.nextInt(16));
        } else if (bytes.length >= 24 && protocol == 51) {
            bytes[1] = (byte) random.nextInt(6);
        }
        return bytes;
    }

    private byte[] address4() {
        int first = random.nextInt(12) > 0 ? 10 : new int[] {0, 1, 126, 127, 128, 223, 224, 239, 240, 255}[random.nextInt(10)];
        byte[] address = {(byte) first, (byte) random.nextInt(2), (byte) random.nextInt(2), (byte) random.nextInt(8)};
        return random.nextInt(60) == 0 ? new byte[] {-1, -1, -1, -1} : address;
    }

    private byte[] address6() {
        byte[] address = new byte[16];
        switch (random.nextInt(16)) {
            case 0 -> address[0] = -1;
            case 1 -> address[15] = (byte) random.nextInt(3);
            case 2 -> {
                address[10] = -1;
                address[11] = -1;
                address[12] = 10;
            }
            default -> address[0] = (byte) 0xfd;
        }
        address[13] = (byte) (address[0] == 0 ? 0 : random.nextInt(4));
        return address;
    }

    private byte[] mutated(byte[] packet) {
        byte[] changed = packet.clone();
        int at = random.nextInt(4) > 0 ? Math.min(packet.length, 14) + random.nextInt(60) : random.nextInt(packet.length);
        switch (random.nextInt(6)) {
            case 0 -> {
                return Arrays.copyOf(packet, 14 + random.nextInt(packet.length - 13));
            }
            case 1 -> {
                return Arrays.copyOf(packet, packet.length + random.nextInt(16));
            }
            case 2 -> changed[at % packet.length] ^= (byte) (1 << random.nextInt(8));
            case 3 -> changed[at % packet.length] = (byte) random.nextInt(256);
            default -> changed[at % packet.length] = (byte) pick(TELLING);
        }
        return changed;
    }

    private int pick(int[] values) {
        return values[random.nextInt(values.length)];
    }

    private static void short16(ByteArrayOutputStream out, int value) {
        out.write(value >> 8);
        out.write(value);
    }

    private static byte[] joined(byte[] a, byte[] b) {
        byte[] both = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }
}
