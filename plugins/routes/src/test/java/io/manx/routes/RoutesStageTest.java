package io.manx.routes;

import static org.assertj.core.api.Assertions.assertThat;

import io.manx.api.stage.StateMap;
import io.manx.testkit.NoteView;
import io.manx.testkit.OneCpu;
import io.manx.testkit.Outcome;
import io.manx.testkit.Packets;
import io.manx.testkit.StageHarness;
import io.manx.testkit.Verdict;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** routes.bpf.c: a destination in, note->route out. */
class RoutesStageTest {
    private static final InetAddress CLIENT = Packets.address("198.51.100.7");
    private static final InetAddress SERVER = Packets.address("192.0.2.80");
    private static final InetAddress BACKEND = Packets.address("10.1.0.2");
    private static final InetAddress SERVER6 = Packets.address("2001:db8::80");
    private static final InetAddress GATEWAY = Packets.address("192.0.2.1");
    private static final int WIDE = 7;
    private static final int NARROW = 8;

    /** Each has its own memory of where packets went. */
    private final OneCpu cpu = new OneCpu();

    private StageHarness routes;

    @BeforeEach
    void load() {
        routes = StageHarness.of(Path.of("target/classes/META-INF/bpf/routes.bpf.o")).load();
    }

    @AfterEach
    void close() {
        routes.close();
        cpu.close();
    }

    @Test
    void leavesToTheStackWhatHasNoRoute() {
        assertThat(kind(routed(SERVER))).isEqualTo(routes.constant("ROUTE_STACK"));
    }

    @Test
    void takesNoRouteOfTheOtherFamily() {
        route(SERVER, 96 + 24, WIDE);

        assertThat(kind(routed(SERVER6))).isEqualTo(routes.constant("ROUTE_STACK"));
    }

    @Test
    void takesTheLongestPrefix() {
        route(SERVER, 96 + 8, WIDE);
        route(SERVER, 96 + 24, NARROW);

        Outcome outcome = routed(SERVER);

        assertThat(outcome.verdict()).isEqualTo(Verdict.NEXT);
        assertThat(outcome.note().get("route.ifindex")).isEqualTo(NARROW);
        assertThat(outcome.note().address("route.gateway")).isEqualTo(GATEWAY);
        assertThat(outcome.note().get("route.mtu")).isEqualTo(1500);
    }

    @Test
    void routesIpv6() {
        route(SERVER6, 64, WIDE);

        assertThat(routed(SERVER6).note().get("route.ifindex")).isEqualTo(WIDE);
    }

    @Test
    void routesATranslatedPacketByItsNewDestination() {
        route(SERVER, 96 + 24, WIDE);
        route(BACKEND, 96 + 24, NARROW);

        Outcome outcome = routed(
                SERVER,
                note -> note.set("translate", routes.constant("TRANSLATE_DESTINATION")).set("new_addr", BACKEND));

        assertThat(outcome.note().get("route.ifindex")).isEqualTo(NARROW);
    }

    @Test
    void keepsTheRouteThatPolicyLookedUp() {
        route(SERVER, 96 + 24, WIDE);

        Outcome outcome = routed(
                SERVER,
                note -> note.set("route.kind", routes.constant("ROUTE_LOCAL")).set("route.ifindex", 99));

        assertThat(outcome.note().get("route.ifindex")).isEqualTo(99);
    }

    @Test
    void looksUpWhereOthersWentOnlyInAnotherEpoch() {
        epoch(1);
        assertThat(kind(routed(SERVER))).isEqualTo(routes.constant("ROUTE_STACK"));
        route(SERVER, 96 + 24, WIDE);
        assertThat(kind(routed(SERVER))).isEqualTo(routes.constant("ROUTE_STACK"));
        epoch(2);
        assertThat(routed(SERVER).note().get("route.ifindex")).isEqualTo(WIDE);
        assertThat(routed(SERVER).note().address("route.gateway")).isEqualTo(GATEWAY);
        assertThat(routed(SERVER).note().get("route.via")).isEqualTo(1);
    }

    /** 192.0.80.2 has the row of 192.0.2.80. */
    @Test
    void tellsDestinationsOfOneRowApart() {
        epoch(1);
        InetAddress other = Packets.address("192.0.80.2");
        route(SERVER, 96 + 24, WIDE);
        route(other, 96 + 24, NARROW);
        for (int i = 0; i < 3; i++) {
            assertThat(routed(SERVER).note().get("route.ifindex")).isEqualTo(WIDE);
            assertThat(routed(other).note().get("route.ifindex")).isEqualTo(NARROW);
        }
    }

    private void epoch(int number) {
        StateMap epoch = routes.map("manx_epoch");
        epoch.put(epoch.key().allocate(), epoch.value().allocate().putInt(0, number));
    }

    private void route(InetAddress destination, int prefixLength, int ifindex) {
        ByteBuffer key = routes.map(RouteTable.MAP).key().allocate();
        ByteBuffer value = routes.map(RouteTable.MAP).value().allocate();
        routes.map(RouteTable.MAP).key().field("prefix_length").set(key, prefixLength);
        routes.map(RouteTable.MAP).key().field("addr").setAddress(key, destination);
        routes.map(RouteTable.MAP).value().field("ifindex").set(value, ifindex);
        routes.map(RouteTable.MAP).value().field("mtu").set(value, 1500);
        routes.map(RouteTable.MAP).value().field("gateway").setAddress(value, GATEWAY);
        routes.map(RouteTable.MAP).value().field("kind").set(value, routes.constant("ROUTE_NEIGHBOUR"));
        routes.map(RouteTable.MAP).put(key, value);
    }

    private Outcome routed(InetAddress destination) {
        return routed(destination, note -> {});
    }

    private Outcome routed(InetAddress destination, Consumer<NoteView> before) {
        return routes.run(Packets.udp(CLIENT, 5000, SERVER, 53).build(), note -> {
            note.set("destination", destination);
            before.accept(note);
        });
    }

    private static long kind(Outcome outcome) {
        return outcome.note().get("route.kind");
    }
}
