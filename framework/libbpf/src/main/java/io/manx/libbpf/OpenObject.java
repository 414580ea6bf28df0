package io.manx.libbpf;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiFunction;

/** A {@code struct bpf_object} of libbpf's, from its opening to its closing. */
final class OpenObject implements AutoCloseable {
    /** As struct bpf_object_open_opts of libbpf.h, up to object_name. */
    private static final int OPTIONS_BYTES = 16;

    private final Pointer object;
    private final String name;

    private OpenObject(Pointer object, String name) {
        this.object = object;
        this.name = name;
    }

    /** @throws BpfException libbpf cannot make sense of it; in libbpf's words */
    static OpenObject open(String name, byte[] elf) {
        Library.require();
        if (elf.length == 0) {
            throw new BpfException("bpf_object__open_mem", name, Errno.EINVAL, "is no BPF object: it is empty");
        }
        try (Memory memory = new Memory(elf.length);
                Memory title = new Memory(name.length() * 4L + 1);
                Memory options = Info.zeros(OPTIONS_BYTES);
                Messages messages = new Messages()) {
            memory.write(0, elf, 0, elf.length);
            title.setString(0, name, "UTF-8");
            options.setLong(0, OPTIONS_BYTES);
            options.setPointer(8, title);
            Pointer object = Libbpf.bpf_object__open_mem(memory, elf.length, options);
            if (object == null) {
                int errno = Native.getLastError();
                String why = messages.first().orElseGet(() -> Errno.describe(errno));
                throw new BpfException("bpf_object__open_mem", name, errno, "is no BPF object: " + why);
            }
            return new OpenObject(object, name);
        }
    }

    Map<String, Pointer> programs() {
        return each(Libbpf::bpf_object__next_program, Libbpf::bpf_program__name);
    }

    /** All maps, also those libbpf makes of sections, such as {@code nat.rodata}. */
    Map<String, Pointer> maps() {
        return each(Libbpf::bpf_object__next_map, Libbpf::bpf_map__name);
    }

    private Map<String, Pointer> each(
            BiFunction<Pointer, Pointer, Pointer> next, java.util.function.Function<Pointer, String> nameOf) {
        Map<String, Pointer> found = new LinkedHashMap<>();
        for (Pointer at = next.apply(object, null); at != null; at = next.apply(object, at)) {
            found.put(nameOf.apply(at), at);
        }
        return found;
    }

    Btf btf() {
        Pointer btf = Libbpf.bpf_object__btf(object);
        if (btf == null) {
            throw new BpfException(
                    "bpf_object__btf", name, Errno.ENOENT, "has no type information (BTF): compile it with clang -g");
        }
        return Btf.of(name, btf);
    }

    /** The bytes of .rodata as they will be loaded, open to changes until then; empty when the object has none. */
    ByteBuffer rodata() {
        for (Map.Entry<String, Pointer> map : maps().entrySet()) {
            if (map.getKey().endsWith(Settings.SECTION) && Libbpf.bpf_map__is_internal(map.getValue())) {
                long[] size = new long[1];
                Pointer bytes = Libbpf.bpf_map__initial_value(map.getValue(), size);
                return bytes.getByteBuffer(0, size[0]);
            }
        }
        return ByteBuffer.allocate(0);
    }

    /** Verifies and loads. @return 0 or -errno */
    int load() {
        return Libbpf.bpf_object__load(object);
    }

    @Override
    public void close() {
        Libbpf.bpf_object__close(object);
    }
}
