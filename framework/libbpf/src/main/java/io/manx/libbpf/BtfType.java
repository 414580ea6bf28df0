package io.manx.libbpf;

import java.util.List;

/**
 * One record of BTF, as its kind has it.
 *
 * @param flag kind_flag: of a struct, that members may be bit fields; of an enum, that it is signed
 * @param sizeOrType bytes, or the type it refers to; an array's: that of its elements
 * @param elements of an array; of a declaration tag: the member it is about, or -1
 */
record BtfType(Kind kind, String name, boolean flag, int sizeOrType, int elements, List<Member> members) {

    /** In the order of the numbers BTF gives them. */
    enum Kind {
        VOID, INT, POINTER, ARRAY, STRUCT, UNION, ENUM, FORWARD, TYPEDEF, VOLATILE, CONST, RESTRICT, FUNCTION,
        FUNCTION_PROTOTYPE, VARIABLE, SECTION, FLOAT, DECLARATION_TAG, TYPE_TAG, ENUM64;

        boolean integer() {
            return this == INT || this == ENUM || this == ENUM64;
        }

        boolean aggregate() {
            return this == STRUCT || this == UNION;
        }

        /** Says something about another type, and has none of its own size. */
        boolean modifier() {
            return this == TYPEDEF || this == VOLATILE || this == CONST || this == RESTRICT || this == TYPE_TAG;
        }
    }

    /**
     * A struct's member, an enumerator, or a section's variable.
     *
     * @param value a member's place in bits (and its width above bit 24, where the struct's flag is set); an enumerator's
     *     number; a variable's place in bytes
     */
    record Member(String name, int type, long value) {}

    /** Bits from the struct's start. */
    static int bitOffset(BtfType struct, Member member) {
        return (int) (struct.flag() ? member.value() & 0xffffff : member.value());
    }

    /** 0: not a bit field. */
    static int bitWidth(BtfType struct, Member member) {
        return struct.flag() ? (int) (member.value() >>> 24) : 0;
    }
}
