package io.manx.shell.struct;

import io.manx.api.layout.Addresses;
import io.manx.api.layout.Field;
import io.manx.api.layout.Layout;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/** How one member of a struct is written and typed. */
enum Form {
    INTEGER("a number, decimal or 0x...") {
        @Override
        Object read(Field field, ByteBuffer struct) {
            long value = field.get(struct);
            return value >= 0 ? (Object) value : Long.toUnsignedString(value);
        }

        @Override
        void write(Field field, ByteBuffer struct, String text) {
            boolean hex = text.startsWith("0x");
            long value = text.startsWith("-")
                    ? Long.parseLong(text)
                    : Long.parseUnsignedLong(hex ? text.substring(2) : text, hex ? 16 : 10);
            field.set(struct, value);
        }
    },
    IPV4("an IPv4 address") {
        @Override
        Object read(Field field, ByteBuffer struct) {
            return address(field.bytes(struct)).getHostAddress();
        }

        @Override
        void write(Field field, ByteBuffer struct, String text) {
            field.setBytes(struct, literal(text).getAddress());
        }
    },
    ADDRESS("an IPv4 or IPv6 address") {
        @Override
        Object read(Field field, ByteBuffer struct) {
            return Addresses.text(Addresses.of(field.bytes(struct)));
        }

        @Override
        void write(Field field, ByteBuffer struct, String text) {
            field.setAddress(struct, literal(text));
        }
    },
    TEXT("text") {
        @Override
        Object read(Field field, ByteBuffer struct) {
            String text = new String(field.bytes(struct), StandardCharsets.UTF_8);
            int end = text.indexOf('\0');
            return end < 0 ? text : text.substring(0, end);
        }

        @Override
        void write(Field field, ByteBuffer struct, String text) {
            field.setBytes(struct, Arrays.copyOf(text.getBytes(StandardCharsets.UTF_8), field.size()));
        }
    },
    BYTES("hexadecimal digits, two a byte") {
        @Override
        Object read(Field field, ByteBuffer struct) {
            return HexFormat.of().formatHex(field.bytes(struct));
        }

        @Override
        void write(Field field, ByteBuffer struct, String text) {
            field.setBytes(struct, HexFormat.of().parseHex(text.startsWith("0x") ? text.substring(2) : text));
        }
    };

    private final String expected;

    Form(String expected) {
        this.expected = expected;
    }

    /** What a person should type. */
    String expected() {
        return expected;
    }

    abstract Object read(Field field, ByteBuffer struct);

    /** @throws IllegalArgumentException the text is not of this form, or does not fit */
    abstract void write(Field field, ByteBuffer struct, String text);

    static Form of(Field field) {
        String type = field.type();
        if (type.contains("addr") && field.size() == 16) {
            return ADDRESS;
        } else if (type.startsWith("char") && type.contains("[")) {
            return TEXT;
        } else if (type.contains("[") || Integer.bitCount(field.size()) != 1 || field.size() > 8) {
            return BYTES;
        }
        return type.equals("__be32") ? IPV4 : INTEGER;
    }

    /** Shown as one word, though it has members of its own. */
    static boolean isWhole(Field field, Layout layout) {
        return switch (of(field)) {
            case ADDRESS, TEXT -> true;
            case BYTES -> layout.has(field.name() + "[0]") && layout.field(field.name() + "[0]").size() == 1;
            default -> false;
        };
    }

    private static InetAddress address(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("an IPv4 address has 4 bytes, not " + bytes.length, e);
        }
    }

    /** Never asks a name server. */
    private static InetAddress literal(String text) {
        if (!text.matches("[0-9.]+|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*")) {
            throw new IllegalArgumentException(text + " is no address");
        }
        try {
            return InetAddress.getByName(text);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(text + " is no address", e);
        }
    }
}
