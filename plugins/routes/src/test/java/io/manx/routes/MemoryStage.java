package io.manx.routes;

import io.manx.api.layout.Field;
import io.manx.api.layout.Layout;
import io.manx.api.network.Interface;
import io.manx.api.network.KernelNetwork;
import io.manx.api.network.KernelRoute;
import io.manx.api.stage.StageContext;
import io.manx.api.stage.StateMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A stage without a kernel, and a network that changes when the test says so. */
final class MemoryStage implements StageContext, KernelNetwork {
    private static final Map<String, Long> KINDS =
            Map.of("ROUTE_STACK", 1L, "ROUTE_LOCAL", 2L, "ROUTE_NEIGHBOUR", 3L, "ROUTE_WORKLOAD", 4L);

    final MemoryMap fib;
    StateMap table;
    final MemoryMap macs;
    List<Interface> interfaces = List.of();
    List<KernelRoute> routes = List.of();
    boolean unreadable;
    Runnable watcher;
    int rejudged;

    MemoryStage(int capacity) {
        fib = new MemoryMap(
                RouteTable.MAP,
                capacity,
                new Layout("route_key", 20, List.of(field("prefix_length", 0, 4), field("addr", 4, 16))),
                new Layout(
                        "route",
                        24,
                        List.of(field("gateway", 0, 16), field("ifindex", 16, 4), field("mtu", 20, 2), field("kind", 22, 1))));
        table = fib;
        macs = new MemoryMap(
                MacTable.MAP,
                2,
                new Layout("__u32", 4, List.of(field("value", 0, 4))),
                new Layout("macs", 16, List.of(field("ifindex", 0, 4), field("peer", 4, 6), field("own", 10, 6))));
    }

    private static Field field(String name, int offset, int size) {
        return new Field(name, "__u8", offset, size);
    }

    void change() {
        watcher.run();
    }

    @Override
    public StateMap map(String name) {
        return name.equals(RouteTable.MAP) ? table : macs;
    }

    @Override
    public Layout struct(String tag) {
        throw new IllegalArgumentException("no struct " + tag);
    }

    @Override
    public long constant(String enumerator) {
        return KINDS.get(enumerator);
    }

    @Override
    public int run(String program) {
        throw new IllegalArgumentException("no program " + program);
    }

    @Override
    public void idle(boolean idle) {
        throw new IllegalStateException("routes is never idle");
    }

    @Override
    public void rejudge() {
        rejudged++;
    }

    @Override
    public KernelNetwork network() {
        return this;
    }

    @Override
    public List<Interface> interfaces() {
        return interfaces;
    }

    @Override
    public Optional<Interface> interfaceNamed(String name) {
        return interfaces.stream().filter(each -> each.name().equals(name)).findFirst();
    }

    @Override
    public List<KernelRoute> routes() {
        if (unreadable) {
            throw new IllegalStateException("rtnetlink: dump of routes: EINTR");
        }
        return routes;
    }

    @Override
    public AutoCloseable watch(Runnable changed) {
        watcher = changed;
        return () -> watcher = null;
    }
}
