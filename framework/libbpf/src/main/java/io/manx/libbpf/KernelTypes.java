package io.manx.libbpf;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import io.manx.api.layout.Layout;

/** The types of a map that is in the kernel already, from the BTF the kernel was given with it. */
final class KernelTypes {
    private KernelTypes() {}

    static MapSpec spec(String name, MapInfo info) {
        Layout key = LayoutBuilder.ofBytes(info.keySize());
        Layout value = LayoutBuilder.ofBytes(info.valueSize());
        if (info.btfId() != 0) {
            Btf btf = load(name, info.btfId());
            key = info.keyTypeId() == 0 ? key : btf.layout(info.keyTypeId());
            value = info.valueTypeId() == 0 ? value : btf.layout(info.valueTypeId());
        }
        return new MapSpec(
                name, info.type(), info.keySize(), info.valueSize(), info.maxEntries(), info.flags(), key, value);
    }

    private static Btf load(String name, int id) {
        Pointer btf = Libbpf.btf__load_from_kernel_by_id(id);
        if (btf == null) {
            throw new BpfException("btf__load_from_kernel_by_id", "map " + name, Native.getLastError());
        }
        try {
            return Btf.of("map " + name, btf);
        } finally {
            Libbpf.btf__free(btf);
        }
    }
}
