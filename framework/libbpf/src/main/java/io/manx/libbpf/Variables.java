package io.manx.libbpf;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Variables of an object that are the values of its maps of one entry: VARIABLE(name, type) of map.h declares a map and, in
 * a section .data.NAME, what programs read and write without a lookup. libbpf would make a map of its own of that section;
 * here it is given the declared one, which is then shared, pinned and known by its types as any other is.
 */
final class Variables implements AutoCloseable {
    private static final String SECTION = ".data.";

    private final ObjectSpec spec;
    private final Map<String, Pointer> maps;
    private final List<Descriptor> made = new ArrayList<>();

    /** @param maps of the open object, also those that libbpf makes of sections */
    Variables(ObjectSpec spec, Map<String, Pointer> maps) {
        this.spec = spec;
        this.maps = maps;
    }

    /** The map that a section, or a map itself, stands for. */
    static String mapOf(String name) {
        return name.startsWith(SECTION) ? name.substring(SECTION.length()) : name;
    }

    /**
     * To be called before the object is loaded. Maps that are not reused are made here.
     *
     * @throws BpfException a section has no map, or a map that is no array of one such value; the kernel refused to make one
     */
    void join(Map<String, BpfMap> reused) {
        maps.keySet().stream().filter(name -> name.startsWith(SECTION)).forEach(section -> {
            MapSpec map = declared(section);
            BpfMap shared = reused.get(map.name());
            if (shared != null) {
                reuse(section, shared.fd());
            } else {
                int fd = make(map);
                reuse(section, fd);
                reuse(map.name(), fd);
            }
        });
    }

    private MapSpec declared(String section) {
        MapSpec map = spec.maps().stream()
                .filter(each -> each.name().equals(mapOf(section)))
                .findFirst()
                .orElseThrow(() -> wrong(section, "there is no map " + mapOf(section)));
        if (map.type() != MapType.ARRAY || map.maxEntries() != 1) {
            throw wrong(section, "map " + map.name() + " is no array of one entry");
        }
        /* libbpf unmaps as many bytes as the map has, of memory that is as large as the section. */
        int bytes = Libbpf.bpf_map__value_size(maps.get(section));
        if (bytes != map.valueSize()) {
            throw wrong(section, "it has " + bytes + " bytes, and the value of map " + map.name() + " has " + map.valueSize());
        }
        return map;
    }

    private BpfException wrong(String section, String why) {
        return new BpfException(
                "bpf_map__reuse_fd",
                spec.name() + ": section " + section,
                Errno.EINVAL,
                why + ": declare it by VARIABLE() of map.h");
    }

    private int make(MapSpec map) {
        String subject = spec.name() + ": map " + map.name();
        Pointer handle = maps.get(map.name());
        try (Descriptor types = types(subject);
                Memory options = MapOptions.of(
                        map.flags(),
                        types.fd(),
                        Libbpf.bpf_map__btf_key_type_id(handle),
                        Libbpf.bpf_map__btf_value_type_id(handle))) {
            int fd = Libbpf.bpf_map_create(
                    map.type().number(), MapOptions.kernelName(map.name()), map.keySize(), map.valueSize(), 1, options);
            made.add(new Descriptor(Errno.check(fd, "bpf_map_create", subject), subject));
            return fd;
        }
    }

    private Descriptor types(String subject) {
        byte[] raw = spec.btf().raw();
        try (Memory bytes = new Memory(raw.length)) {
            bytes.write(0, raw, 0, raw.length);
            return new Descriptor(
                    Errno.check(Libbpf.bpf_btf_load(bytes, raw.length, null), "bpf_btf_load", subject), "types of " + subject);
        }
    }

    private void reuse(String name, int fd) {
        Errno.check(Libbpf.bpf_map__reuse_fd(maps.get(name), fd), "bpf_map__reuse_fd", spec.name() + ": map " + name);
    }

    /** libbpf has descriptors of its own. */
    @Override
    public void close() {
        made.forEach(Descriptor::close);
    }
}
