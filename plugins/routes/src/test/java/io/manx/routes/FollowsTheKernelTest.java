package io.manx.routes;

import static org.assertj.core.api.Assertions.assertThat;

import io.manx.api.resource.Resource;
import io.manx.api.resource.Resources;
import io.manx.api.resource.WorkloadEndpoint;
import io.manx.libbpf.netlink.RtNetlink;
import io.manx.testkit.Await;
import io.manx.testkit.Namespace;
import io.manx.testkit.Namespaces;
import io.manx.testkit.StageHarness;
import io.manx.testkit.TestContext;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Real routes of a real veth, whose peer is in a namespace, and what the table in the kernel then holds. */
class FollowsTheKernelTest {
    private static final String LINK = "manx-r" + ProcessHandle.current().pid();
    private static final String HOST_ADDRESS = "198.18.77.1";
    private static final String GATEWAY = "198.18.77.2";
    private static final String FAR = "198.18.78.0/24";
    private static final Duration SOON = Duration.ofSeconds(60);

    private final RoutesControl control = new RoutesControl();
    private Namespaces namespaces;
    private Namespace workload;
    private RtNetlink network;
    private StageHarness routes;

    @BeforeEach
    void connect() {
        namespaces = Namespaces.ofThisProcess("manx-routes");
        network = new RtNetlink();
        routes = StageHarness.of(Path.of("target/classes/META-INF/bpf/routes.bpf.o")).load();
        workload = namespaces.add("workload");
        workload.ip("link add eth0 type veth peer name " + LINK + " netns "
                + ProcessHandle.current().pid());
        workload.ip("link set eth0 up");
        ip("link set " + LINK + " up");
        ip("addr add " + HOST_ADDRESS + "/24 dev " + LINK);
        control.loaded(new TestContext(routes, network));
    }

    @AfterEach
    void disconnect() {
        control.unloaded();
        /* A namespace takes its end of a veth away in its own time; the next test makes one of the same name. */
        workload.attempt(here("ip link delete " + LINK));
        namespaces.close();
        network.close();
        routes.close();
    }

    @Test
    void forgetsRoutesOfAnInterfaceThatGoesDown() {
        control.resources(Resources.NONE);
        assertThat(kind("198.18.77.0/24")).contains("neighbour");

        ip("link set " + LINK + " down");

        Await.until("the route is gone", SOON, () -> kind("198.18.77.0/24").isEmpty());
    }

    @Test
    void tellsLocalAddressesNeighboursAndWorkloadsApart() {
        control.resources(new Resources(
                List.of(), List.of(endpoint()), List.of(), List.of(), List.of(), List.of()));

        assertThat(kind(HOST_ADDRESS + "/32")).contains("local");
        assertThat(kind("198.18.77.0/24")).contains("workload");
        assertThat(kind("127.0.0.0/8")).contains("local");

        ip("route add " + FAR + " via " + GATEWAY);

        Await.until("the new route is in the table", SOON, () -> row(FAR).isPresent());
        assertThat(row(FAR)).contains(new RouteRow(FAR, "neighbour", LINK, GATEWAY, 1500));
    }

    private Optional<String> kind(String prefix) {
        return row(prefix).map(RouteRow::kind);
    }

    private Optional<RouteRow> row(String prefix) {
        return control.rows(Map.of()).filter(row -> row.prefix().equals(prefix)).findFirst();
    }

    private static WorkloadEndpoint endpoint() {
        return new WorkloadEndpoint(
                "default/one", new Resource.Source("one.yaml", 1), Map.of(), LINK, List.of(), Optional.empty());
    }

    /** In this process's own namespace, the only one it can watch. */
    private void ip(String arguments) {
        workload.exec(here("ip " + arguments));
    }

    private static String[] here(String command) {
        return ("nsenter --net=/proc/" + ProcessHandle.current().pid() + "/ns/net " + command).split(" ");
    }
}
