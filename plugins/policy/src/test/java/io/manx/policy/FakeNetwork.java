package io.manx.policy;

import io.manx.api.network.Interface;
import io.manx.api.network.KernelNetwork;
import io.manx.api.network.KernelRoute;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Interfaces that a test makes and takes away. */
final class FakeNetwork implements KernelNetwork {
    private final Map<String, Integer> indexes = new LinkedHashMap<>();
    private Optional<Runnable> watcher = Optional.empty();

    void add(String name, int index) {
        indexes.put(name, index);
        watcher.ifPresent(Runnable::run);
    }

    void remove(String name) {
        indexes.remove(name);
        watcher.ifPresent(Runnable::run);
    }

    boolean watched() {
        return watcher.isPresent();
    }

    @Override
    public List<Interface> interfaces() {
        return indexes.entrySet().stream()
                .map(one -> new Interface(one.getValue(), one.getKey(), "veth", new byte[6], 1500, true, Set.of("up")))
                .toList();
    }

    @Override
    public Optional<Interface> interfaceNamed(String name) {
        return interfaces().stream().filter(one -> one.name().equals(name)).findFirst();
    }

    @Override
    public List<KernelRoute> routes() {
        return List.of();
    }

    @Override
    public AutoCloseable watch(Runnable changed) {
        watcher = Optional.of(changed);
        return () -> watcher = Optional.empty();
    }
}
