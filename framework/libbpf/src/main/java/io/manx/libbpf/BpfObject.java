package io.manx.libbpf;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** An object whose programs the verifier has accepted. Closing it closes its programs and maps, shared ones included. */
public final class BpfObject implements AutoCloseable {
    private final ObjectSpec spec;
    private final Map<String, BpfProgram> programs = new LinkedHashMap<>();
    private final Map<String, BpfMap> maps = new LinkedHashMap<>();

    BpfObject(ObjectSpec spec, List<BpfProgram> programs, List<BpfMap> maps) {
        this.spec = spec;
        programs.forEach(program -> this.programs.put(program.name(), program));
        maps.forEach(map -> this.maps.put(map.name(), map));
    }

    public ObjectSpec spec() {
        return spec;
    }

    /** @param name the function's. @throws IllegalArgumentException there is none */
    public BpfProgram program(String name) {
        return existing(programs, name, "program");
    }

    /** This object's own handle on a map, also on one that is shared. @throws IllegalArgumentException there is none */
    public BpfMap map(String name) {
        return existing(maps, name, "map");
    }

    public Collection<BpfMap> maps() {
        return Collections.unmodifiableCollection(maps.values());
    }

    private <T> T existing(Map<String, T> all, String name, String kind) {
        T found = all.get(name);
        if (found == null) {
            throw new IllegalArgumentException(
                    spec.name() + " has no " + kind + " " + name + "; it has " + all.keySet());
        }
        return found;
    }

    /** What is attached, pinned or held by others stays in the kernel. */
    @Override
    public void close() {
        programs.values().forEach(BpfProgram::close);
        maps.values().forEach(BpfMap::close);
    }
}
