package io.manx.libbpf;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A program that is to be loaded many times, each time with other settings or maps. Its object is parsed, relocated and
 * verified once; each further load is a frozen map of its settings and the same instructions, in half the time. What
 * is loaded so carries no type information (BTF) of its own: a small program takes little more than half the memory. The
 * template is immutable and holds nothing in the kernel.
 */
public final class ProgramTemplate {
    /** As struct bpf_insn: code (1), registers (1: destination, source), offset (2), immediate (4). */
    private static final int INSTRUCTION = 8;

    private static final int IMMEDIATE = 4;
    private static final int LOAD_64_BITS = 0x18;
    private static final int FROM_MAP = 1;
    private static final int FROM_MAP_VALUE = 2;

    private static final int MAP_READ_ONLY = 1 << 7;

    /** As struct bpf_prog_load_opts of bpf.h, up to prog_flags. */
    private static final int OPTIONS_BYTES = 24;

    /** As struct bpf_prog_info of bpf.h, up to gpl_compatible. */
    private static final int INFO_BYTES = 88;

    private final ObjectSpec spec;
    private final String program;
    private final int type;
    private final int attachType;
    private final int flags;
    private final String license;
    private final byte[] instructions;
    private final byte[] rodata;

    /** Names by the place of an immediate: its map's descriptor belongs there. */
    private final Map<Integer, String> references = new HashMap<>();

    /** @param object loaded */
    ProgramTemplate(ObjectSpec spec, String program, OpenObject object) {
        Pointer handle = object.programs().get(program);
        if (handle == null) {
            throw new IllegalArgumentException(
                    spec.name() + " has no program " + program + "; it has " + object.programs().keySet());
        }
        this.spec = spec;
        this.program = program;
        type = Libbpf.bpf_program__type(handle);
        attachType = Libbpf.bpf_program__expected_attach_type(handle);
        flags = Libbpf.bpf_program__flags(handle);
        license = license(Libbpf.bpf_program__fd(handle), subject());
        instructions = Libbpf.bpf_program__insns(handle)
                .getByteArray(0, (int) Libbpf.bpf_program__insn_cnt(handle) * INSTRUCTION);
        ByteBuffer settings = object.rodata();
        rodata = new byte[settings.capacity()];
        settings.get(0, rodata);
        findReferences(object.maps());
    }

    /** The kernel tells of a license only whether it is the GPL's. */
    private static String license(int fd, String subject) {
        try (Memory info = Info.read(fd, INFO_BYTES, subject)) {
            return (info.getInt(INFO_BYTES - Integer.BYTES) & 1) == 1 ? "GPL" : "";
        }
    }

    private void findReferences(Map<String, Pointer> maps) {
        Map<Integer, String> names = new HashMap<>();
        maps.forEach((name, map) -> names.put(Libbpf.bpf_map__fd(map), name));
        ByteBuffer code = ByteBuffer.wrap(instructions).order(ByteOrder.nativeOrder());
        for (int at = 0; at < instructions.length; at += INSTRUCTION) {
            if (code.get(at) == LOAD_64_BITS) {
                int source = code.get(at + 1) >> 4 & 0xf;
                if (source == FROM_MAP || source == FROM_MAP_VALUE) {
                    references.put(at + IMMEDIATE, names.get(code.getInt(at + IMMEDIATE)));
                }
                at += INSTRUCTION;
            }
        }
    }

    /**
     * Loads it once more.
     *
     * @param options its settings, and every map that the program uses, to be reused
     * @return this program alone, without handles on maps
     * @throws BpfException the options do not fit the object, or the kernel refused; nothing is left in the kernel then
     */
    public BpfObject load(LoadOptions options) {
        ByteBuffer code = ByteBuffer.wrap(instructions.clone()).order(ByteOrder.nativeOrder());
        try (Descriptor settings = rodata.length == 0 ? null : settings(options);
                Memory memory = new Memory(instructions.length);
                Memory more = Info.zeros(OPTIONS_BYTES)) {
            references.forEach((at, map) -> code.putInt(
                    at, map.endsWith(Settings.SECTION) ? settings.fd() : reused(options, map).fd()));
            memory.write(0, code.array(), 0, instructions.length);
            more.setLong(0, OPTIONS_BYTES);
            more.setInt(12, attachType);
            more.setInt(20, flags);
            int fd = Libbpf.bpf_prog_load(
                    type, MapOptions.kernelName(program), license, memory, instructions.length / INSTRUCTION, more);
            Errno.check(fd, "bpf_prog_load", subject());
            return new BpfObject(spec, List.of(new BpfProgram(program, new Descriptor(fd, subject()))), List.of());
        }
    }

    private BpfMap reused(LoadOptions options, String map) {
        BpfMap found = options.reused().get(Variables.mapOf(map));
        if (found == null) {
            throw new BpfException("map", subject(), Errno.ENOENT, "is given no map " + map + "; it is given "
                    + options.reused().keySet());
        }
        return found;
    }

    /** A map of one frozen value: the verifier takes what it holds for constants. */
    private Descriptor settings(LoadOptions options) {
        byte[] values = rodata.clone();
        Settings.set(spec, options.settings(), ByteBuffer.wrap(values).order(ByteOrder.nativeOrder()));
        String subject = "settings of " + subject();
        try (Memory more = MapOptions.of(MAP_READ_ONLY)) {
            int fd = Libbpf.bpf_map_create(
                    MapType.ARRAY.number(), MapOptions.kernelName(program), Integer.BYTES, values.length, 1, more);
            Descriptor map = new Descriptor(Errno.check(fd, "bpf_map_create", subject), subject);
            try {
                Errno.check(
                        Libbpf.bpf_map_update_elem(fd, new byte[Integer.BYTES], values, 0), "bpf_map_update_elem", subject);
                Errno.check(Libbpf.bpf_map_freeze(fd), "bpf_map_freeze", subject);
                return map;
            } catch (BpfException e) {
                map.close();
                throw e;
            }
        }
    }

    private String subject() {
        return spec.name() + ": program " + program;
    }
}
