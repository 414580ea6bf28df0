package io.manx.libbpf;

import io.manx.api.layout.Field;
import io.manx.libbpf.BtfType.Kind;
import io.manx.libbpf.BtfType.Member;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.Map;

/** Where the settings of an object are in its .rodata: the volatile integers of that section, by name. */
final class Settings {
    static final String SECTION = ".rodata";

    /** @param description empty where nobody wrote one */
    record Place(Field field, String description) {}

    private Settings() {}

    static Map<String, Place> places(Btf btf) {
        Map<String, Place> places = new LinkedHashMap<>();
        btf.types().stream()
                .filter(type -> type.kind() == Kind.SECTION && type.name().equals(SECTION))
                .flatMap(section -> section.members().stream())
                .filter(member -> isSetting(btf, member))
                .map(member -> place(btf, member))
                .forEach(place -> places.put(place.field().name(), place));
        return places;
    }

    /** A constant that is not volatile is compiled in: to change it in .rodata would change nothing. */
    private static boolean isSetting(Btf btf, Member member) {
        int type = btf.types().get(member.type()).sizeOrType();
        boolean isVolatile = false;
        for (; btf.types().get(type).kind().modifier(); type = btf.types().get(type).sizeOrType()) {
            isVolatile |= btf.types().get(type).kind() == Kind.VOLATILE;
        }
        return isVolatile && btf.types().get(type).kind().integer();
    }

    private static Place place(Btf btf, Member member) {
        BtfType variable = btf.types().get(member.type());
        int size = LayoutBuilder.size(btf.types(), variable.sizeOrType());
        String type = LayoutBuilder.nameOf(btf.types(), variable.sizeOrType());
        String description = btf.types().stream()
                .filter(tag -> tag.kind() == Kind.DECLARATION_TAG
                        && tag.sizeOrType() == member.type()
                        && tag.elements() == -1)
                .map(BtfType::name)
                .findFirst()
                .orElse("");
        return new Place(new Field(variable.name(), type, (int) member.value(), size), description);
    }

    /** @param rodata in the machine's order. @throws BpfException there is no such setting, or a value does not fit */
    static void set(ObjectSpec spec, Map<String, Long> values, ByteBuffer rodata) {
        Map<String, Place> places = places(spec.btf());
        values.forEach((name, value) -> {
            Place place = places.get(name);
            if (place == null) {
                throw new BpfException(
                        "setting", spec.name(), Errno.ENOENT, "has no setting " + name + "; it has " + places.keySet());
            }
            try {
                place.field().set(rodata, value);
            } catch (IllegalArgumentException e) {
                throw new BpfException("setting", spec.name(), Errno.EINVAL, "setting " + e.getMessage());
            }
        });
    }

    static Setting read(Place place, ByteBuffer rodata) {
        Field field = place.field();
        long initial = field.get(rodata.order(ByteOrder.nativeOrder()));
        return new Setting(field.name(), field.type(), field.size(), place.description(), initial);
    }
}
