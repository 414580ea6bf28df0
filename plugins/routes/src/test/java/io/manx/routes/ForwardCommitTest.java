package io.manx.routes;

import static io.manx.routes.ForwardStage.EPOCH;
import static io.manx.routes.ForwardStage.UPLINK;
import static io.manx.routes.ForwardStage.packet4;
import static io.manx.routes.ForwardStage.packet6;
import static org.assertj.core.api.Assertions.assertThat;

import io.manx.api.layout.Layout;
import io.manx.testkit.Outcome;
import io.manx.testkit.Packets;
import io.manx.testkit.Verdict;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** forward.bpf.c: which flows it makes known, and how. */
class ForwardCommitTest {
    private ForwardStage forward;

    @BeforeEach
    void load() {
        forward = new ForwardStage();
        forward.load();
    }

    @AfterEach
    void close() {
        forward.close();
    }

    @Test
    void leavesAFlowThatTheKernelRoutesToTheEgress() {
        forward.forward(packet4().build(), "ROUTE_STACK");
        assertThat(forward.flows()).isZero();

        forward.forward(packet4().build(), "ROUTE_STACK", forward.egress());
        assertThat(originatorLegs()).containsExactly("epoch " + EPOCH);
    }

    @Test
    void commitsATranslatedFlowThatTheKernelRoutesWithoutAnEpoch() {
        forward.forward(packet6().build(), "ROUTE_STACK", forward.toBackend(Packets.address("2001:db8:3::1")));

        assertThat(originatorLegs()).containsExactly("epoch 0", "epoch 0");
    }

    @Test
    void commitsNothingInTheEstablishedLane() {
        forward.forward(packet4().build(), "ROUTE_NEIGHBOUR", forward.established());

        assertThat(forward.flows()).isZero();
    }

    @Test
    void commitsTheRouteWithTheEpochThePacketWasJudgedUnder() {
        forward.forward(packet4().build(), "ROUTE_NEIGHBOUR");

        assertThat(originatorLegs()).containsExactly("epoch " + EPOCH);
        Layout flow = forward.harness.map("manx_young4").value();
        forward.harness
                .map("manx_young4")
                .forEach((key, value) -> assertThat(flow.field("leg[0].ifindex").get(value)).isEqualTo(UPLINK));
    }

    private List<String> originatorLegs() {
        List<String> legs = new ArrayList<>();
        for (String map : new String[] {"manx_young4", "manx_young6"}) {
            Layout flow = forward.harness.map(map).value();
            forward.harness.map(map).forEach((ByteBuffer key, ByteBuffer value) ->
                    legs.add("epoch " + flow.field("epoch[0]").get(value)));
        }
        return legs;
    }
}
