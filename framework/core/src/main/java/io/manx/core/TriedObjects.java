package io.manx.core;

import io.manx.libbpf.BpfObject;
import io.manx.libbpf.LoadOptions;
import io.manx.libbpf.ObjectSpec;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Objects that were tried on the side, for the change that follows: one that is to be loaded in just the same way is not
 * verified a second time. Closed once that change is over, whether it took them or not.
 */
final class TriedObjects implements AutoCloseable {
    private record Tried(LoadOptions options, BpfObject object) {}

    private final Map<String, Tried> byStage = new HashMap<>();

    void keep(StageDescriptor stage, LoadOptions options, BpfObject object) {
        Tried earlier = byStage.put(stage.name(), new Tried(options, object));
        if (earlier != null) {
            earlier.object.close();
        }
    }

    /** @return the caller's to close; empty where the file, a setting or a map is another, or nothing was tried */
    Optional<BpfObject> take(StageDescriptor stage, ObjectSpec spec, LoadOptions options) {
        Tried tried = byStage.get(stage.name());
        if (tried == null || !tried.options.equals(options) || !tried.object.spec().isOfSameFile(spec)) {
            return Optional.empty();
        }
        byStage.remove(stage.name());
        return Optional.of(tried.object);
    }

    @Override
    public void close() {
        byStage.values().forEach(tried -> tried.object.close());
        byStage.clear();
    }
}
