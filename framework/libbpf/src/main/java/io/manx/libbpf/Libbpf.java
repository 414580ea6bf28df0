package io.manx.libbpf;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;

/**
 * The functions of libbpf.so.1, by their own names. Integers below zero are -errno; a null pointer leaves its errno in
 * {@link Native#getLastError}. {@code long} is size_t: Manx runs on 64-bit machines.
 */
final class Libbpf {
    static final String NAME = "libbpf.so.1";

    /** Why the library is of no use; null when it is. Kept, not thrown: a failed initializer would hide it. */
    static final String LOAD_ERROR = load();

    private Libbpf() {}

    private static String load() {
        try {
            Native.register(Libbpf.class, NativeLibrary.getInstance(NAME));
            libbpf_set_print(Messages.PRINT);
            return null;
        } catch (UnsatisfiedLinkError e) {
            return e.getMessage().lines().findFirst().orElse(NAME);
        }
    }

    static native String libbpf_version_string();

    static native Pointer libbpf_set_print(Messages.Print print);

    static native int libbpf_num_possible_cpus();

    static native Pointer bpf_object__open_mem(Memory elf, long bytes, Memory options);

    static native int bpf_object__load(Pointer object);

    static native void bpf_object__close(Pointer object);

    static native Pointer bpf_object__next_program(Pointer object, Pointer before);

    static native Pointer bpf_object__next_map(Pointer object, Pointer before);

    static native Pointer bpf_object__btf(Pointer object);

    static native Pointer btf__raw_data(Pointer btf, int[] bytes);

    static native Pointer btf__load_from_kernel_by_id(int id);

    static native void btf__free(Pointer btf);

    static native String bpf_program__name(Pointer program);

    static native String bpf_program__section_name(Pointer program);

    static native int bpf_program__type(Pointer program);

    static native int bpf_program__expected_attach_type(Pointer program);

    static native int bpf_program__flags(Pointer program);

    static native Pointer bpf_program__insns(Pointer program);

    static native long bpf_program__insn_cnt(Pointer program);

    static native int bpf_program__set_expected_attach_type(Pointer program, int type);

    static native int bpf_program__set_log_buf(Pointer program, Memory log, long bytes);

    static native int bpf_program__fd(Pointer program);

    static native String bpf_map__name(Pointer map);

    static native boolean bpf_map__is_internal(Pointer map);

    static native int bpf_map__type(Pointer map);

    static native int bpf_map__key_size(Pointer map);

    static native int bpf_map__value_size(Pointer map);

    static native int bpf_map__max_entries(Pointer map);

    static native int bpf_map__map_flags(Pointer map);

    static native int bpf_map__btf_key_type_id(Pointer map);

    static native int bpf_map__btf_value_type_id(Pointer map);

    static native int bpf_map__set_max_entries(Pointer map, int entries);

    static native int bpf_map__reuse_fd(Pointer map, int fd);

    static native int bpf_map__fd(Pointer map);

    static native Pointer bpf_map__initial_value(Pointer map, long[] bytes);

    static native int bpf_map_create(int type, String name, int keySize, int valueSize, int entries, Memory options);

    static native int bpf_map_freeze(int fd);

    static native int bpf_prog_load(
            int type, String name, String license, Memory instructions, long count, Memory options);

    static native int bpf_btf_load(Memory btf, long bytes, Memory options);

    static native int bpf_map_lookup_elem(int fd, byte[] key, byte[] value);

    static native int bpf_map_update_elem(int fd, byte[] key, byte[] value, long flags);

    static native int bpf_map_delete_elem(int fd, byte[] key);

    static native int bpf_map_get_next_key(int fd, byte[] key, byte[] next);

    static native int bpf_map_lookup_batch(
            int fd, Pointer from, Pointer to, Pointer keys, Pointer values, int[] count, Pointer options);

    static native int bpf_map_update_batch(int fd, byte[] keys, byte[] values, int[] count, Memory options);

    static native int bpf_obj_pin(int fd, String path);

    static native int bpf_obj_get(String path);

    static native int bpf_obj_get_info_by_fd(int fd, Memory info, int[] bytes);

    static native int bpf_prog_get_fd_by_id(int id);

    static native int bpf_prog_test_run_opts(int fd, Memory options);

    static native int bpf_link_create(int program, int target, int type, Memory options);

    static native int bpf_iter_create(int link);

    static native int bpf_link_update(int link, int program, Memory options);

    static native int bpf_link_detach(int link);

    static native int bpf_tc_hook_create(Memory hook);

    static native int bpf_tc_attach(Memory hook, Memory options);

    static native int bpf_tc_detach(Memory hook, Memory options);

    static native int bpf_tc_query(Memory hook, Memory options);
}
