package io.manx.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.manx.api.network.Interface;
import io.manx.api.network.KernelRoute;
import io.manx.api.resource.Resources;
import io.manx.testkit.Packets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The kernel's routes change; the table, the epoch and the report follow. */
class RoutesControlTest {
    /** Entries that are in every table: 0.0.0.0/0 and fe80::/10 to the stack. */
    private static final int ALWAYS = 2;

    private static final Interface UPLINK = new Interface(2, "eth0", "", new byte[6], 1500, false, Set.of("up"));

    private final RoutesControl control = new RoutesControl();

    @AfterEach
    void stop() {
        control.unloaded();
    }

    @Test
    void refusesTheStageWhenTheNetworkCannotBeRead() {
        MemoryStage stage = stage(16);
        stage.unreadable = true;
        control.loaded(stage);

        assertThatThrownBy(() -> control.resources(Resources.NONE)).hasMessageContaining("rtnetlink");
        assertThat(stage.watcher).isNull();
    }

    @Test
    void keepsTheTableWhenTheNetworkCannotBeReadLater() {
        MemoryStage stage = start(16, subnet(1));

        stage.unreadable = true;
        stage.change();

        assertThat(prefixes()).contains("10.0.1.0/24");
    }

    @Test
    void refusesALimitThatIsNoNumber() {
        assertThatThrownBy(() -> control.rows(Map.of("limit", "-1")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("limit: expected a number of routes such as 100, not '-1'");
    }

    @Test
    void leavesTheShortestPrefixesToTheStackWhenTheTableIsFull() {
        start(4, subnet(1), subnet(2), subnet(3), host(9), route("0.0.0.0", 0));

        assertThat(prefixes()).containsExactly("10.0.1.0/24", "10.0.2.0/24", "10.0.3.0/24", "10.0.9.9/32");
    }

    @Test
    void replacesAFullTableWithoutExceedingIt() {
        MemoryStage stage = start(4, subnet(1), subnet(2));

        stage.routes = List.of(subnet(3), subnet(4));
        stage.change();

        assertThat(prefixes()).containsExactly("0.0.0.0/0", "10.0.3.0/24", "10.0.4.0/24", "fe80::/10");
    }

    @Test
    void judgesFlowsAnewOnlyWhenARouteChanged() {
        MemoryStage stage = start(16, subnet(1));
        int before = stage.rejudged;

        stage.change();
        assertThat(stage.rejudged).isEqualTo(before);

        stage.routes = List.of(subnet(1), subnet(2));
        stage.change();
        assertThat(stage.rejudged).isEqualTo(before + 1);
    }

    @Test
    void judgesFlowsAnewByWhatWasWrittenBeforeAFailure() {
        MemoryStage stage = start(16, subnet(1));
        int before = stage.rejudged;
        stage.fib.keepsAll = true;
        stage.routes = List.of(subnet(2));
        stage.change();
        assertThat(prefixes()).contains("10.0.1.0/24", "10.0.2.0/24");
        assertThat(stage.rejudged).isEqualTo(before + 1);
    }

    @Test
    void addsBeforeItDeletes() {
        MemoryStage stage = start(16, subnet(1));
        stage.fib.log.clear();

        stage.routes = List.of(subnet(2));
        stage.change();

        assertThat(stage.fib.log).containsExactly("put", "delete");
    }

    @Test
    void adoptsWhatAnEarlierVersionLeft() {
        MemoryStage stage = start(16, subnet(1));
        control.unloaded();
        stage.fib.log.clear();

        RoutesControl next = new RoutesControl();
        next.loaded(stage);
        next.resources(Resources.NONE);

        assertThat(stage.fib.log).isEmpty();
    }

    @Test
    void showsAsManyRoutesAsAskedFor() {
        start(1000, IntStream.range(0, 100).mapToObj(RoutesControlTest::subnet).toArray(KernelRoute[]::new));

        assertThat(control.rows(Map.of("limit", "3"))).hasSize(3);
        assertThat(control.rows(Map.of())).hasSize(100 + ALWAYS);
        assertThat(control.rows(Map.of()).skip(1).findFirst())
                .contains(new RouteRow("10.0.0.0/24", "neighbour", "eth0", "192.0.2.1", 1500));
    }

    @Test
    void showsNothingOnceUnloaded() {
        start(16, subnet(1));
        control.unloaded();

        assertThat(control.rows(Map.of())).isEmpty();
    }

    private MemoryStage start(int capacity, KernelRoute... routes) {
        MemoryStage stage = stage(capacity);
        stage.routes = List.of(routes);
        control.loaded(stage);
        control.resources(Resources.NONE);
        return stage;
    }

    private static MemoryStage stage(int capacity) {
        MemoryStage stage = new MemoryStage(capacity);
        stage.interfaces = List.of(UPLINK);
        return stage;
    }

    private List<String> prefixes() {
        return control.rows(Map.of()).map(RouteRow::prefix).toList();
    }

    private static KernelRoute subnet(int number) {
        return route("10.0." + number + ".0", 24);
    }

    private static KernelRoute host(int number) {
        return route("10.0." + number + "." + number, 32);
    }

    private static KernelRoute route(String address, int length) {
        return new KernelRoute(
                Packets.address(address),
                length,
                254,
                "unicast",
                UPLINK.index(),
                Optional.of(Packets.address("192.0.2.1")),
                0);
    }
}
