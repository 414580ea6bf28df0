package io.manx.routes;

import static org.assertj.core.api.Assertions.assertThat;

import io.manx.api.layout.Addresses;
import io.manx.api.resource.Cidr;
import io.manx.testkit.StageHarness;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The table in the kernel, at its full size. */
class RouteTableTest {
    private static final int IFINDEX = 7;

    private StageHarness routes;
    private RouteTable table;

    @BeforeEach
    void load() {
        routes = StageHarness.of(Path.of("target/classes/META-INF/bpf/routes.bpf.o")).load();
        MemoryStage stage = new MemoryStage(0);
        stage.table = routes.map(RouteTable.MAP);
        table = new RouteTable(stage);
    }

    @AfterEach
    void close() {
        routes.close();
    }

    @Test
    void holdsAsManyRoutesAsItSaysAndReplacesThemOneForOne() {
        int capacity = (int) routes.constant("ROUTES_MAX");
        List<RouteEntry> wanted = subnets(capacity + 1);

        assertThat(table.replaceWith(wanted)).isTrue();
        assertThat(table.replaceWith(wanted)).isFalse();
        assertThat(table.entries()).hasSize(capacity).doesNotContain(wanted.get(capacity));

        List<RouteEntry> changed = wanted.subList(1, capacity + 1);
        assertThat(table.replaceWith(changed)).isTrue();
        assertThat(table.entries()).hasSize(capacity).contains(wanted.get(capacity)).doesNotContain(wanted.get(0));
    }

    private static List<RouteEntry> subnets(int count) {
        List<RouteEntry> entries = new ArrayList<>(count);
        for (int number = 0; number < count; number++) {
            entries.add(subnet(number));
        }
        return entries;
    }

    /** A /28 of its own for each number. */
    private static RouteEntry subnet(int number) {
        byte[] mapped = ByteBuffer.allocate(16)
                .putInt(8, 0xffff)
                .putInt(12, 0x10000000 + (number << 4))
                .array();
        Cidr prefix = new Cidr(Addresses.of(mapped), 28);
        return new RouteEntry(prefix, RouteKind.NEIGHBOUR, IFINDEX, Optional.empty(), 1500);
    }
}
