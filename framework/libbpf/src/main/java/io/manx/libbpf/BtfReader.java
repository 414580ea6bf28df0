package io.manx.libbpf;

import io.manx.libbpf.BtfType.Kind;
import io.manx.libbpf.BtfType.Member;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Takes raw BTF apart: a header, then types one after the other, numbered from 1, then strings.
 *
 * <pre>
 *  0        2    3    4            8           12          16           20           24 bytes
 *  +--------+----+----+------------+-----------+-----------+------------+------------+
 *  | eb9f   | 1  |flag| header len | types at  | types len | strings at | strings len|   "at": after the header
 *  +--------+----+----+------------+-----------+-----------+------------+------------+
 * </pre>
 */
final class BtfReader {
    private static final int MAGIC = 0xeb9f;

    private final ByteBuffer raw;
    private final int strings;
    private final int end;

    private BtfReader(byte[] bytes) {
        raw = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
        if ((raw.getShort(0) & 0xffff) != MAGIC) {
            throw new IllegalArgumentException("its magic number is not that of BTF");
        }
        int header = raw.getInt(4);
        strings = header + raw.getInt(16);
        raw.position(header + raw.getInt(8));
        end = raw.position() + raw.getInt(12);
    }

    /** By their numbers, void first. @param subject of errors. @throws BpfException it is not BTF, or of a kind not known */
    static List<BtfType> read(byte[] bytes, String subject) {
        try {
            return new BtfReader(bytes).types();
        } catch (IndexOutOfBoundsException | BufferUnderflowException | IllegalArgumentException e) {
            throw new BpfException("btf", subject, Errno.EINVAL, "its type information (BTF) is malformed: " + e.getMessage());
        }
    }

    private List<BtfType> types() {
        List<BtfType> types = new ArrayList<>();
        types.add(new BtfType(Kind.VOID, "void", false, 0, 0, List.of()));
        while (raw.position() < end) {
            types.add(type());
        }
        return types;
    }

    private BtfType type() {
        String name = string(raw.getInt());
        int info = raw.getInt();
        int sizeOrType = raw.getInt();
        int number = info >>> 24 & 0x1f;
        int count = info & 0xffff;
        if (number >= Kind.values().length) {
            throw new IllegalArgumentException("kind " + number + " is newer than this reader");
        }
        Kind kind = Kind.values()[number];
        boolean flag = info < 0;
        return switch (kind) {
            case INT -> skip(4, new BtfType(kind, name, flag, sizeOrType, 0, List.of()));
            case ARRAY -> array();
            case STRUCT, UNION, SECTION, ENUM64 -> new BtfType(kind, name, flag, sizeOrType, 0, members(kind, count));
            case ENUM -> new BtfType(kind, name, flag, sizeOrType, 0, enumerators(count, flag));
            case FUNCTION_PROTOTYPE -> skip(8 * count, new BtfType(kind, name, flag, sizeOrType, 0, List.of()));
            case VARIABLE, DECLARATION_TAG -> new BtfType(kind, name, flag, sizeOrType, raw.getInt(), List.of());
            default -> new BtfType(kind, name, flag, sizeOrType, 0, List.of());
        };
    }

    private BtfType skip(int bytes, BtfType type) {
        raw.position(raw.position() + bytes);
        return type;
    }

    private BtfType array() {
        int element = raw.getInt();
        raw.getInt(); /* the index's type, always an int */
        return new BtfType(Kind.ARRAY, "", false, element, raw.getInt(), List.of());
    }

    private List<Member> members(Kind kind, int count) {
        List<Member> members = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            int first = raw.getInt();
            int second = raw.getInt();
            int third = raw.getInt();
            members.add(switch (kind) {
                case SECTION -> new Member("", first, second);
                case ENUM64 -> new Member(string(first), 0, (long) third << 32 | second & 0xffffffffL);
                default -> new Member(string(first), second, third & 0xffffffffL);
            });
        }
        return members;
    }

    private List<Member> enumerators(int count, boolean signed) {
        List<Member> members = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            String name = string(raw.getInt());
            int value = raw.getInt();
            members.add(new Member(name, 0, signed ? value : value & 0xffffffffL));
        }
        return members;
    }

    private String string(int at) {
        int from = strings + at;
        int to = from;
        while (raw.get(to) != 0) {
            to++;
        }
        return new String(raw.array(), from, to - from, StandardCharsets.UTF_8);
    }
}
