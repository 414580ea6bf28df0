package io.manx.libbpf;

import com.sun.jna.Memory;

/** What a new map is given beyond its sizes, as struct bpf_map_create_opts of bpf.h. */
final class MapOptions {
    private static final int BYTES = 48;

    /** BPF_OBJ_NAME_LEN without the zero at its end. */
    private static final int LONGEST_NAME = 15;

    private MapOptions() {}

    static Memory of(int flags) {
        Memory options = Info.zeros(BYTES);
        options.setLong(0, BYTES);
        options.setInt(28, flags);
        return options;
    }

    /** @param types descriptor of the BTF that the two type numbers are of */
    static Memory of(int flags, int types, int keyType, int valueType) {
        Memory options = of(flags);
        options.setInt(8, types);
        options.setInt(12, keyType);
        options.setInt(16, valueType);
        return options;
    }

    static String kernelName(String name) {
        return name.substring(0, Math.min(name.length(), LONGEST_NAME));
    }
}
