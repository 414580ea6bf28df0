package io.manx.libbpf;

import com.sun.jna.Pointer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Brings one object into the kernel: settings, shared maps, sizes, then the verifier. */
final class Loader {
    private final ObjectSpec spec;
    private final LoadOptions options;

    Loader(ObjectSpec spec, LoadOptions options) {
        this.spec = spec;
        this.options = options;
    }

    /** The native object lives only here: what stays is the descriptors, each of them a copy of ours. */
    BpfObject load() {
        return load(this::take);
    }

    /** @param use of what is in the kernel; it stays there only as far as the use takes descriptors of its own */
    <T> T load(Function<OpenObject, T> use) {
        try (OpenObject object = OpenObject.open(spec.name(), spec.elf());
                VerifierLog log = new VerifierLog();
                Messages messages = new Messages()) {
            Settings.set(spec, options.settings(), object.rodata());
            Map<String, Pointer> maps = object.maps();
            options.entries().forEach((map, entries) -> setEntries(maps, map, entries));
            options.reused().forEach((map, shared) -> reuse(maps, map, shared));
            object.programs().forEach((name, program) -> prepare(name, program, log));
            try (Variables variables = new Variables(spec, maps)) {
                variables.join(options.reused());
                int result = object.load();
                if (result < 0) {
                    throw log.refusal(spec.name(), -result).orElseGet(() -> notLoaded(-result, messages));
                }
                return use.apply(object);
            }
        }
    }

    private BpfException notLoaded(int errno, Messages messages) {
        String why = messages.first().orElseGet(() -> Errno.describe(errno));
        return new BpfException("bpf_object__load", spec.name(), errno, "cannot be loaded: " + why);
    }

    private void setEntries(Map<String, Pointer> maps, String name, int entries) {
        Errno.check(
                Libbpf.bpf_map__set_max_entries(handle(maps, name), entries),
                "bpf_map__set_max_entries",
                spec.name() + ": map " + name);
    }

    /** libbpf compares nothing: a map that does not fit would be read past its values' ends. */
    private void reuse(Map<String, Pointer> maps, String name, BpfMap shared) {
        Pointer handle = handle(maps, name);
        declared(name).differenceFrom(shared.info()).ifPresent(difference -> {
            throw new BpfException(
                    "bpf_map__reuse_fd",
                    spec.name() + ": map " + name,
                    Errno.EINVAL,
                    "cannot share the one in the kernel: " + difference);
        });
        Errno.check(
                Libbpf.bpf_map__reuse_fd(handle, shared.fd()), "bpf_map__reuse_fd", spec.name() + ": map " + name);
    }

    private MapSpec declared(String name) {
        MapSpec declared = spec.maps().stream().filter(map -> map.name().equals(name)).findFirst().orElseThrow();
        return declared.withMaxEntries(options.entries().getOrDefault(name, declared.maxEntries()));
    }

    private Pointer handle(Map<String, Pointer> maps, String name) {
        if (spec.maps().stream().noneMatch(map -> map.name().equals(name))) {
            throw new BpfException(
                    "map",
                    spec.name(),
                    Errno.ENOENT,
                    "has no map " + name + "; it has " + spec.maps().stream().map(MapSpec::name).toList());
        }
        return maps.get(name);
    }

    private static void prepare(String name, Pointer program, VerifierLog log) {
        log.watch(name, program);
        if (ProgramType.of(Libbpf.bpf_program__type(program)) == ProgramType.TC) {
            /* Whatever the section says: programs of one prog array must agree, and tcx and clsact take 0. */
            Libbpf.bpf_program__set_expected_attach_type(program, 0);
        }
    }

    private BpfObject take(OpenObject object) {
        List<BpfProgram> programs = new ArrayList<>();
        List<BpfMap> maps = new ArrayList<>();
        try {
            object.programs().forEach((name, program) -> programs.add(new BpfProgram(
                    name, Descriptor.duplicate(Libbpf.bpf_program__fd(program), spec.name() + ": program " + name))));
            Map<String, Pointer> handles = object.maps();
            spec.maps().forEach(map -> maps.add(new BpfMap(
                    declared(map.name()),
                    Descriptor.duplicate(Libbpf.bpf_map__fd(handles.get(map.name())), "map " + map.name()))));
            return new BpfObject(spec, programs, maps);
        } catch (BpfException e) {
            programs.forEach(BpfProgram::close);
            maps.forEach(BpfMap::close);
            throw e;
        }
    }
}
