package io.manx.routes;

import static org.assertj.core.api.Assertions.assertThat;

import io.manx.api.network.Interface;
import io.manx.api.resource.Resource;
import io.manx.api.resource.Resources;
import io.manx.api.resource.WorkloadEndpoint;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Workload endpoints and interfaces in, rows of manx_workload_macs out. */
class ForwardControlTest {
    private static final byte[] OWN = {2, 0, 0, 0, 0, 1};
    private static final byte[] PEER = {2, 0, 0, 0, 0, 2};
    private static final int ROWS = 2;

    private final ForwardControl control = new ForwardControl();
    private final MemoryStage stage = new MemoryStage(1);

    @AfterEach
    void stop() {
        control.unloaded();
    }

    @Test
    void leavesTheRowEmptyOfAWorkloadWithoutMac() {
        start(endpoint("cali1", Optional.empty()), link(3, "cali1"));

        assertThat(row(1)).isEqualTo(stage.macs.value().allocate());
    }

    @Test
    void fillsTheRowOfAWorkload() {
        start(endpoint("cali1", Optional.of(PEER)), link(3, "cali1"), link(2, "eth0"));

        assertThat(row(3 % ROWS)).isEqualTo(value(3));
        assertThat(row(2 % ROWS)).isEqualTo(stage.macs.value().allocate());
    }

    @Test
    void followsAnInterfaceThatComesBackWithAnotherIndex() {
        start(endpoint("cali1", Optional.of(PEER)), link(3, "cali1"));

        stage.interfaces = List.of(link(8, "cali1"));
        stage.change();

        assertThat(row(3 % ROWS)).isEqualTo(stage.macs.value().allocate());
        assertThat(row(8 % ROWS)).isEqualTo(value(8));
    }

    @Test
    void writesNothingWhenNothingChanged() {
        start(endpoint("cali1", Optional.of(PEER)), link(3, "cali1"));
        stage.macs.log.clear();

        stage.change();

        assertThat(stage.macs.log).isEmpty();
    }

    /** An array: every row is always there. */
    private void start(WorkloadEndpoint endpoint, Interface... interfaces) {
        for (int row = 0; row < ROWS; row++) {
            stage.macs.entries.put(key(row), stage.macs.value().allocate());
        }
        stage.interfaces = List.of(interfaces);
        control.loaded(stage);
        control.resources(new Resources(
                List.of(), List.of(endpoint), List.of(), List.of(), List.of(), List.of()));
    }

    private ByteBuffer row(int row) {
        return stage.macs.entries.get(key(row));
    }

    private ByteBuffer key(int row) {
        return stage.macs.key().allocate().putInt(0, row);
    }

    private ByteBuffer value(int ifindex) {
        return stage.macs.value().allocate().putInt(0, ifindex).put(4, PEER).put(10, OWN);
    }

    private static WorkloadEndpoint endpoint(String interfaceName, Optional<byte[]> mac) {
        return new WorkloadEndpoint(
                "default/one", new Resource.Source("one.yaml", 1), Map.of(), interfaceName, List.of(), mac);
    }

    private static Interface link(int index, String name) {
        return new Interface(index, name, "veth", OWN, 1500, true, Set.of("up"));
    }
}
