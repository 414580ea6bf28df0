package io.manx.libbpf;

import com.sun.jna.Pointer;
import io.manx.api.layout.Layout;
import io.manx.libbpf.BtfType.Kind;
import io.manx.libbpf.BtfType.Member;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** The C types of an object. Immutable. */
public final class Btf {
    private final String subject;
    private final byte[] raw;
    private final List<BtfType> types;

    Btf(String subject, byte[] raw) {
        this.subject = subject;
        this.raw = raw;
        this.types = BtfReader.read(raw, subject);
    }

    /** Copies what libbpf holds. */
    static Btf of(String subject, Pointer btf) {
        int[] size = new int[1];
        Pointer data = Libbpf.btf__raw_data(btf, size);
        if (data == null) {
            throw new BpfException("btf__raw_data", subject, Errno.ENOMEM);
        }
        return new Btf(subject, data.getByteArray(0, size[0]));
    }

    public boolean hasStruct(String tag) {
        return structNumber(tag) != 0;
    }

    /**
     * A struct or union: every path down to the integers ({@code at[1][3].drops}), and the members on the way there
     * ({@code at[1]}). Bit fields are left out.
     *
     * @throws IllegalArgumentException there is none of this tag
     */
    public Layout struct(String tag) {
        int number = structNumber(tag);
        if (number == 0) {
            throw new IllegalArgumentException(subject + " has no struct " + tag
                    + ": clang keeps those that a map, a global or a function that is not inlined has");
        }
        return layout(number);
    }

    /**
     * Enumerators and their values, in the order of their declaration; empty when there is no enum of this tag. Negative
     * ones are known as such only since clang 16: BTF of an older one has them as unsigned.
     */
    public Map<String, Long> enumeration(String tag) {
        Map<String, Long> values = new LinkedHashMap<>();
        types.stream()
                .filter(type -> isEnum(type) && type.name().equals(tag))
                .findFirst()
                .ifPresent(type -> type.members().forEach(member -> values.put(member.name(), member.value())));
        return values;
    }

    /** Value of an enumerator of any enum, also of one without a tag. */
    public OptionalLong constant(String enumerator) {
        return types.stream()
                .filter(Btf::isEnum)
                .flatMap(type -> type.members().stream())
                .filter(member -> member.name().equals(enumerator))
                .mapToLong(Member::value)
                .findFirst();
    }

    /** The variables of a section, each as its type is laid out, in the order of the file; empty where there is none. */
    public Map<String, Layout> variables(String section) {
        Map<String, Layout> variables = new LinkedHashMap<>();
        types.stream()
                .filter(type -> type.kind() == Kind.SECTION && type.name().equals(section))
                .flatMap(type -> type.members().stream())
                .map(member -> types.get(member.type()))
                .forEach(variable -> variables.put(variable.name(), layout(variable.sizeOrType())));
        return variables;
    }

    Layout layout(int type) {
        try {
            return LayoutBuilder.of(types, type);
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new BpfException("btf", subject, Errno.EINVAL, "type " + type + " cannot be laid out: " + e.getMessage());
        }
    }

    List<BtfType> types() {
        return types;
    }

    byte[] raw() {
        return raw;
    }

    private int structNumber(String tag) {
        for (int i = 1; i < types.size(); i++) {
            if (types.get(i).kind().aggregate() && types.get(i).name().equals(tag)) {
                return i;
            }
        }
        return 0;
    }

    private static boolean isEnum(BtfType type) {
        return type.kind() == Kind.ENUM || type.kind() == Kind.ENUM64;
    }
}
