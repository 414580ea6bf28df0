package io.manx.libbpf;

import io.manx.api.layout.Field;
import io.manx.api.layout.Layout;
import io.manx.libbpf.BtfType.Kind;
import io.manx.libbpf.BtfType.Member;
import java.util.ArrayList;
import java.util.List;

/**
 * Lays out a C type as fields with paths, down to the integers, or to the memory that an array of thousands of bytes is. Bit fields have no field of their own, for a field is
 * whole bytes. Members of an anonymous struct or union are members of what it is in, as in C.
 */
final class LayoutBuilder {
    /** A struct of more is no key or value of a map anybody would read by its fields. */
    private static final int MOST_FIELDS = 65536;

    /** An array of more bytes is one field. */
    private static final int MOST_BYTES = 4096;

    private final List<BtfType> types;
    private final List<Field> fields = new ArrayList<>();

    private LayoutBuilder(List<BtfType> types) {
        this.types = types;
    }

    static Layout of(List<BtfType> types, int type) {
        LayoutBuilder builder = new LayoutBuilder(types);
        int bare = builder.bare(type);
        BtfType what = types.get(bare);
        if (what.kind().aggregate()) {
            builder.members("", what, 0);
            return new Layout(what.name(), what.sizeOrType(), builder.fields);
        }
        builder.value("value", type, 0);
        return new Layout(builder.nameOf(type), builder.size(type), builder.fields);
    }

    /** For a map whose types are not known: one integer where there is one of that size, else bytes. */
    static Layout ofBytes(int size) {
        String type = switch (size) {
            case 1 -> "__u8";
            case 2 -> "__u16";
            case 4 -> "__u32";
            case 8 -> "__u64";
            default -> "__u8[" + size + "]";
        };
        return new Layout(type, size, size == 0 ? List.of() : List.of(new Field("value", type, 0, size)));
    }

    private void members(String path, BtfType struct, int offset) {
        for (Member member : struct.members()) {
            int bits = BtfType.bitOffset(struct, member);
            if (BtfType.bitWidth(struct, member) != 0 || bits % 8 != 0) {
                continue;
            }
            BtfType type = types.get(bare(member.type()));
            if (member.name().isEmpty() && type.kind().aggregate()) {
                members(path, type, offset + bits / 8);
            } else {
                value(path.isEmpty() ? member.name() : path + "." + member.name(), member.type(), offset + bits / 8);
            }
        }
    }

    private void value(String path, int type, int offset) {
        if (fields.size() == MOST_FIELDS) {
            throw new IllegalArgumentException("more than " + MOST_FIELDS + " fields, at " + path);
        }
        BtfType what = types.get(bare(type));
        fields.add(new Field(path, nameOf(type), offset, size(type)));
        if (what.kind().aggregate()) {
            members(path, what, offset);
        } else if (what.kind() == Kind.ARRAY && !isMemory(what)) {
            int element = size(what.sizeOrType());
            for (int i = 0; i < what.elements(); i++) {
                value(path + "[" + i + "]", what.sizeOrType(), offset + i * element);
            }
        }
    }

    /** So many bytes are no numbers. */
    private boolean isMemory(BtfType array) {
        return array.elements() > MOST_BYTES && size(array.sizeOrType()) == 1;
    }

    private int bare(int type) {
        return bare(types, type);
    }

    /** The type behind typedefs, const and volatile. */
    static int bare(List<BtfType> types, int type) {
        int bare = type;
        while (types.get(bare).kind().modifier()) {
            bare = types.get(bare).sizeOrType();
        }
        return bare;
    }

    private int size(int type) {
        return size(types, type);
    }

    /** Bytes. */
    static int size(List<BtfType> types, int type) {
        BtfType what = types.get(bare(types, type));
        return switch (what.kind()) {
            case INT, ENUM, ENUM64, STRUCT, UNION, FLOAT, SECTION -> what.sizeOrType();
            case POINTER -> Long.BYTES;
            case ARRAY -> what.elements() * size(types, what.sizeOrType());
            default -> 0;
        };
    }

    private String nameOf(int type) {
        return nameOf(types, type);
    }

    /** As declared; but a typedef of a __be type is called by that, for it says the byte order. */
    static String nameOf(List<BtfType> types, int type) {
        String declared = null;
        int at = type;
        for (; types.get(at).kind().modifier(); at = types.get(at).sizeOrType()) {
            BtfType modifier = types.get(at);
            if (modifier.kind() == Kind.TYPEDEF && (declared == null || modifier.name().startsWith("__be"))) {
                declared = modifier.name();
            }
        }
        return declared != null ? declared : nameOfBare(types, types.get(at));
    }

    private static String nameOfBare(List<BtfType> types, BtfType what) {
        return switch (what.kind()) {
            case STRUCT -> "struct " + what.name();
            case UNION -> "union " + what.name();
            case ENUM, ENUM64 -> "enum " + what.name();
            case POINTER -> nameOf(types, what.sizeOrType()) + " *";
            case ARRAY -> nameOf(types, what.sizeOrType()) + "[" + what.elements() + "]";
            default -> what.name();
        };
    }
}
