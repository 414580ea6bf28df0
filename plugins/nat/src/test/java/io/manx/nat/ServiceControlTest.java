package io.manx.nat;

import static io.manx.nat.Given.BACKEND6;
import static io.manx.nat.Given.BACKEND_ONE;
import static io.manx.nat.Given.BACKEND_TWO;
import static io.manx.nat.Given.CLIENT;
import static io.manx.nat.Given.CLIENT6;
import static io.manx.nat.Given.FRONTEND;
import static io.manx.nat.Given.FRONTEND6;
import static io.manx.nat.Given.FRONTEND_TWO;
import static io.manx.nat.Given.PORT;
import static io.manx.nat.Given.TARGET;
import static io.manx.nat.Given.resources;
import static io.manx.nat.Given.service;
import static io.manx.nat.Given.slice;
import static io.manx.nat.Given.sliceNotReady;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.manx.api.resource.Resources;
import io.manx.api.resource.Service;
import io.manx.api.stage.StateMap;
import io.manx.libbpf.BpfException;
import io.manx.nat.ServiceTables.State;
import io.manx.testkit.Packets;
import io.manx.testkit.StageHarness;
import io.manx.testkit.TestContext;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServiceControlTest {
    private static final Service WEB = service("web", FRONTEND);
    private static final Sample FLOW = Sample.tcp(CLIENT, 40000, FRONTEND, PORT);
    private static final Backend FIRST = new Backend(BACKEND_ONE, TARGET);
    private static final Backend SECOND = new Backend(BACKEND_TWO, TARGET);

    private StageHarness stage;
    private TestContext context;
    private ServiceControl control;

    @BeforeEach
    void load() {
        use(Objects.service());
    }

    @AfterEach
    void close() {
        stage.close();
    }

    private void use(StageHarness harness) {
        stage = harness.load();
        context = new TestContext(stage);
        control = new ServiceControl();
        control.loaded(context);
    }

    private State state() {
        return new ServiceTables(context).read();
    }

    @Test
    void refusesMoreFrontendsThanTheTableHolds() {
        stage.close();
        use(Objects.service().maxEntries("frontends", 2));
        control.resources(resources(List.of(service("web", FRONTEND, FRONTEND_TWO)), slice("web", BACKEND_ONE)));
        State before = state();
        Service three = service("web", FRONTEND, FRONTEND_TWO, Packets.address("10.96.0.12"));
        assertThatThrownBy(() -> control.resources(resources(List.of(three), slice("web", BACKEND_TWO))))
                .hasMessageContaining("the services have 3 frontends")
                .hasMessageContaining("the table holds 2");
        assertThat(state()).isEqualTo(before);
    }

    @Test
    void takesBackWhatItWroteWhenTheKernelRefusesTheRest() {
        stage.close();
        use(Objects.service().maxEntries("backends", 2));
        control.resources(resources(List.of(WEB), slice("web", BACKEND_ONE)));
        State before = state();
        assertThatThrownBy(() -> control.resources(resources(List.of(WEB), slice("web", BACKEND_ONE, BACKEND_TWO))))
                .isInstanceOf(BpfException.class);
        assertThat(state()).isEqualTo(before);
        assertThat(control.rows(Map.of()).map(ServiceRow::ready)).containsExactly(1);
        assertThat(isServed(FLOW)).isTrue();
    }

    @ParameterizedTest
    @MethodSource("flows")
    void looksUpWhatIsServed(Sample flow) {
        control.resources(resources(List.of(service("other", FRONTEND_TWO)), slice("other", BACKEND_ONE)));
        assertThat(isServed(flow)).isFalse();
        control.resources(resources(
                List.of(service("web", flow.destination())), slice("web", flow.destination().equals(FRONTEND) ? BACKEND_ONE : BACKEND6)));
        assertThat(isServed(flow)).isTrue();
        control.resources(Resources.NONE);
        assertThat(isServed(flow)).isFalse();
    }

    static Stream<Sample> flows() {
        return Stream.of(FLOW, Sample.tcp(CLIENT6, 40000, FRONTEND6, PORT));
    }

    /** What the map begins with says of no address that it need not be looked up. */
    @Test
    void looksUpEverythingBeforeItIsTold() {
        control.resources(resources(List.of(WEB), slice("web", BACKEND_ONE)));
        StateMap unserved = context.map("unserved");
        Map<ByteBuffer, ByteBuffer> zeros = new HashMap<>();
        unserved.forEach((key, bits) -> zeros.put(key, unserved.value().allocate()));
        unserved.putAll(zeros);
        assertThat(isServed(FLOW)).isTrue();
    }

    private boolean isServed(Sample flow) {
        return stage.run(flow.packet(), flow::writeTo).note().get("translate") != 0;
    }

    @Test
    void keepsTheLastGoodServicesWhenTheNewOnesAreRefused() {
        control.resources(resources(List.of(WEB), slice("web", BACKEND_ONE)));
        State before = state();
        assertThatThrownBy(() -> control.resources(resources(List.of(WEB, service("twin", FRONTEND)))))
                .hasMessageContaining("claims 10.96.0.10:80/tcp");
        assertThat(state()).isEqualTo(before);
    }

    @Test
    void writesNothingTheSecondTime() {
        Resources resources = resources(List.of(WEB), slice("web", BACKEND_ONE, BACKEND_TWO));
        control.resources(resources);
        State before = state();
        control.resources(resources);
        assertThat(state()).isEqualTo(before);
    }

    @Test
    void findsWhatAnOlderControlLeft() {
        Resources resources = resources(List.of(WEB), slice("web", BACKEND_ONE));
        control.resources(resources);
        FlowEntries flows = new FlowEntries(stage);
        flows.translated(FLOW, FIRST);
        State before = state();
        ServiceControl newer = new ServiceControl();
        newer.loaded(context);
        newer.resources(resources);
        assertThat(state()).isEqualTo(before);
        assertThat(flows.left()).hasSize(2);
        newer.resources(resources(List.of(WEB), slice("web", BACKEND_TWO)));
        assertThat(state().backends().values()).containsExactly(SECOND);
    }

    @Test
    void isIdleWithoutServices() {
        control.resources(Resources.NONE);
        assertThat(context.isIdle()).isTrue();
        control.resources(resources(List.of(WEB)));
        assertThat(context.isIdle()).isFalse();
        control.resources(Resources.NONE);
        assertThat(context.isIdle()).isTrue();
        assertThat(state().frontends()).isEmpty();
        assertThat(state().backends()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"manx_flows", "manx_young"})
    void keepsFlowWhenBackendIsReplaced(String tables) {
        FlowEntries flows = new FlowEntries(stage, tables);
        control.resources(resources(List.of(WEB), slice("web", BACKEND_ONE)));
        flows.translated(FLOW, FIRST);
        control.resources(resources(List.of(WEB), sliceNotReady("web", BACKEND_ONE), slice("web", BACKEND_TWO)));
        assertThat(flows.left()).containsExactlyInAnyOrder("40000 -> 80", "40000 -> 8080");
        assertThat(state().backends().values()).containsExactly(SECOND);
    }

    @ParameterizedTest
    @ValueSource(strings = {"manx_flows", "manx_young"})
    void endsFlowsWhoseBackendIsGone(String tables) {
        FlowEntries flows = new FlowEntries(stage, tables);
        control.resources(resources(List.of(WEB), slice("web", BACKEND_ONE, BACKEND_TWO)));
        flows.translated(FLOW, FIRST);
        flows.translated(Sample.tcp(CLIENT, 40001, FRONTEND, PORT), SECOND);
        control.resources(resources(List.of(WEB), slice("web", BACKEND_TWO)));
        assertThat(flows.left()).containsExactlyInAnyOrder("40001 -> 80", "40001 -> 8080");
    }

    @ParameterizedTest
    @ValueSource(strings = {"manx_flows", "manx_young"})
    void endsFlowsWhoseServiceIsGone(String tables) {
        FlowEntries flows = new FlowEntries(stage, tables);
        control.resources(resources(List.of(service("web", FRONTEND6)), slice("web", BACKEND6)));
        flows.translated(Sample.udp(CLIENT6, 40000, FRONTEND6, PORT), new Backend(BACKEND6, TARGET));
        flows.plain(Sample.udp(CLIENT6, 40001, BACKEND6, PORT));
        control.resources(Resources.NONE);
        assertThat(flows.left()).containsExactly("40001 -> 80");
    }

    @ParameterizedTest
    @ValueSource(strings = {"manx_flows", "manx_young"})
    void endsFlowsOfTheTimeBeforeTheFrontend(String tables) {
        FlowEntries flows = new FlowEntries(stage, tables);
        control.resources(Resources.NONE);
        flows.plain(FLOW);
        flows.plain(Sample.udp(CLIENT, 40001, FRONTEND, PORT));
        flows.plain(Sample.tcp(CLIENT, 40003, FRONTEND_TWO, PORT));
        control.resources(resources(List.of(WEB), slice("web", BACKEND_ONE)));
        assertThat(flows.left()).containsExactlyInAnyOrder("40001 -> 80", "40003 -> 80");
    }

    @Test
    void showsWhatIsInForce() {
        control.resources(resources(
                List.of(service("web", FRONTEND6, FRONTEND)),
                slice("web", BACKEND6),
                slice("web", BACKEND_ONE),
                sliceNotReady("web", BACKEND_TWO)));
        assertThat(control.rows(Map.of()))
                .containsExactly(
                        new ServiceRow("default/web", "fd00:96::10", PORT, "tcp", List.of("[fd00:2::2]:8080"), 1),
                        new ServiceRow(
                                "default/web",
                                "10.96.0.10",
                                PORT,
                                "tcp",
                                List.of("10.0.2.2:8080", "10.0.2.3:8080"),
                                1));
        control.unloaded();
        assertThat(control.rows(Map.of())).isEmpty();
    }

    @Test
    void holds64000Frontends() {
        InetAddress[] addresses = IntStream.range(0, 640)
                .mapToObj(i -> Packets.address("10.96." + i / 256 + "." + i % 256))
                .toArray(InetAddress[]::new);
        List<Service.Port> ports = IntStream.range(0, 100)
                .mapToObj(i -> new Service.Port("port-" + i, Frontend.TCP, 1000 + i))
                .toList();
        Resources many = resources(List.of(service("many", ports, addresses)), slice("many", ports, BACKEND_ONE));
        control.resources(many);
        control.resources(many);
        assertThat(state().frontends()).hasSize(64000);
        assertThat(state().backends()).hasSize(100);
    }
}
