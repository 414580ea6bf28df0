package io.manx.fastpath;

import static org.assertj.core.api.Assertions.assertThat;

/** What most tests begin with, and what they ask. */
final class Given {
    static final int MTU = 1500;
    static final int UPLINK = 7;
    static final int REDIRECTED = 7;
    static final int ESTABLISHED = 1;
    static final int TRANSLATED = 2;
    static final String[] KINDS = {"tcp4", "tcp6", "udp4", "udp6"};

    private Given() {}

    /** Clients by a neighbour, servers likewise. */
    static void routes(Twins twins) {
        twins.route(Talk.CLIENT4, "ROUTE_NEIGHBOUR", UPLINK, MTU, null);
        twins.route(Talk.CLIENT6, "ROUTE_NEIGHBOUR", UPLINK, MTU, null);
        twins.route(Talk.SERVER4, "ROUTE_NEIGHBOUR", UPLINK + 1, MTU, null);
        twins.route(Talk.SERVER6, "ROUTE_NEIGHBOUR", UPLINK + 1, MTU, null);
    }

    static void backends(Twins twins, boolean portChanges) {
        int port = portChanges ? Talk.SERVER_PORT : 0;
        twins.serve(Talk.FRONTEND4, Talk.FRONTEND_PORT, Talk.SERVER4, port);
        twins.serve(Talk.FRONTEND6, Talk.FRONTEND_PORT, Talk.SERVER6, port);
    }

    static Twins.Step took(Twins.Step step, int lane) {
        assertThat(step.byFastpath()).as("it ended at fastpath, not in %s", step.ran().ends()).isTrue();
        assertThat(step.lane()).isEqualTo(lane);
        assertThat(step.ran().returned()).as("redirected").isEqualTo(REDIRECTED);
        return step;
    }

    static Twins.Step handedOver(Twins.Step step) {
        assertThat(step.byFastpath()).as("it ended at fastpath").isFalse();
        return step;
    }
}
