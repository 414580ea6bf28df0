package io.manx.libbpf;

import com.sun.jna.Pointer;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * What an object file holds, before anything of it is in the kernel. Immutable; may be loaded any number of times.
 *
 * <pre>
 *   ObjectSpec.parse ----load----&gt; BpfObject ----Tcx.attach----&gt; Attachment
 *   programs, maps, types          programs and maps              packets
 *   and settings of an ELF         in the kernel                  run through it
 * </pre>
 */
public final class ObjectSpec {
    private final String name;
    private final byte[] elf;
    private final Btf btf;
    private final List<ProgramSpec> programs;
    private final List<MapSpec> maps;
    private final List<Setting> settings;

    private ObjectSpec(String name, byte[] elf, OpenObject object) {
        this.name = name;
        this.elf = elf;
        this.btf = object.btf();
        this.programs = object.programs().values().stream().map(ObjectSpec::program).toList();
        this.maps = object.maps().values().stream()
                .filter(map -> !Libbpf.bpf_map__is_internal(map))
                .map(this::map)
                .toList();
        this.settings = settings(btf, object.rodata());
    }

    /**
     * @param name for errors: {@code nat.bpf.o}
     * @param elf the object file, as clang made it
     * @throws BpfException it is no BPF object, or it has no BTF
     */
    public static ObjectSpec parse(String name, byte[] elf) {
        byte[] copy = elf.clone();
        try (OpenObject object = OpenObject.open(name, copy)) {
            return new ObjectSpec(name, copy, object);
        }
    }

    public String name() {
        return name;
    }

    /** In the order of the file. */
    public List<ProgramSpec> programs() {
        return programs;
    }

    /** Those declared in .maps; not the ones that libbpf makes of .rodata, .data and .bss. */
    public List<MapSpec> maps() {
        return maps;
    }

    public Btf btf() {
        return btf;
    }

    /** The volatile integers of .rodata. */
    public List<Setting> settings() {
        return settings;
    }

    /** Byte for byte. */
    public boolean isOfSameFile(ObjectSpec other) {
        return Arrays.equals(elf, other.elf);
    }

    /** Of the object file, in lowercase hex, as sha256sum prints it. */
    public String sha256() {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(elf));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /**
     * Verifies and loads every program, and makes every map that is not reused.
     *
     * @throws BpfException the options do not fit the object, or the kernel refused; nothing is left in the kernel then
     */
    public BpfObject load(LoadOptions options) {
        return new Loader(this, options).load();
    }

    /**
     * Loads it once, keeps nothing of that in the kernel, and remembers how it was done.
     *
     * @param options as for {@link #load}
     * @throws BpfException as {@link #load} does
     * @throws IllegalArgumentException it has no such program
     */
    public ProgramTemplate template(LoadOptions options, String program) {
        return new Loader(this, options).load(object -> new ProgramTemplate(this, program, object));
    }

    byte[] elf() {
        return elf;
    }

    private static ProgramSpec program(Pointer program) {
        return new ProgramSpec(
                Libbpf.bpf_program__name(program),
                Libbpf.bpf_program__section_name(program),
                ProgramType.of(Libbpf.bpf_program__type(program)));
    }

    private MapSpec map(Pointer map) {
        int keySize = Libbpf.bpf_map__key_size(map);
        int valueSize = Libbpf.bpf_map__value_size(map);
        int keyType = Libbpf.bpf_map__btf_key_type_id(map);
        int valueType = Libbpf.bpf_map__btf_value_type_id(map);
        return new MapSpec(
                Libbpf.bpf_map__name(map),
                MapType.of(Libbpf.bpf_map__type(map)),
                keySize,
                valueSize,
                Libbpf.bpf_map__max_entries(map),
                Libbpf.bpf_map__map_flags(map),
                keyType == 0 ? LayoutBuilder.ofBytes(keySize) : btf.layout(keyType),
                valueType == 0 ? LayoutBuilder.ofBytes(valueSize) : btf.layout(valueType));
    }

    private static List<Setting> settings(Btf btf, ByteBuffer rodata) {
        Map<String, Settings.Place> places = Settings.places(btf);
        return places.values().stream().map(place -> Settings.read(place, rodata)).toList();
    }
}
