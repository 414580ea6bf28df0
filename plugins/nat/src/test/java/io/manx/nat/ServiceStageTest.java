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
import static io.manx.nat.Given.tcp;
import static io.manx.nat.Given.udp;
import static org.assertj.core.api.Assertions.assertThat;

import io.manx.testkit.Outcome;
import io.manx.testkit.Packets;
import io.manx.testkit.StageHarness;
import io.manx.testkit.TestContext;
import io.manx.testkit.Verdict;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServiceStageTest {
    private static final Sample TO_WEB = Sample.tcp(CLIENT, 40000, FRONTEND, PORT);
    private static final Sample TO_NOBODY = Sample.tcp(CLIENT, 40000, FRONTEND_TWO, PORT);
    private static final InetAddress BACKEND_THREE = Packets.address("10.0.2.4");

    private static StageHarness service;

    @BeforeAll
    static void load() {
        service = Objects.service().load();
        ServiceControl control = new ServiceControl();
        control.loaded(new TestContext(service));
        control.resources(resources(
                List.of(
                        service("web", List.of(tcp(PORT), udp(PORT)), FRONTEND, FRONTEND6),
                        service("empty", FRONTEND_TWO)),
                slice("web", List.of(tcp(TARGET), udp(TARGET + 1)), BACKEND_ONE, BACKEND_TWO, BACKEND_THREE),
                slice("web", List.of(tcp(TARGET), udp(TARGET + 1)), BACKEND6)));
    }

    @AfterAll
    static void close() {
        service.close();
    }

    static Stream<Sample> elsewhere() {
        return Stream.of(
                Sample.tcp(CLIENT, 40000, FRONTEND, PORT + 1),
                Sample.udp(CLIENT, 40000, FRONTEND_TWO, PORT),
                Sample.tcp(CLIENT, 40000, BACKEND_ONE, TARGET),
                new Sample(CLIENT, 7, FRONTEND, 7, 1));
    }

    @Test
    void dropsNewFlowsToAServiceWithoutBackends() {
        Outcome outcome = service.run(TO_NOBODY.packet(), TO_NOBODY::writeTo);
        assertThat(outcome.verdict()).isEqualTo(Verdict.DROP);
        assertThat(outcome.reason()).isEqualTo("REASON_NO_BACKEND");
    }

    @Test
    void dropsWhatIsLeftOfADatagramWhoseFirstFragmentDidNotGetThrough() {
        Outcome outcome = service.run(TO_WEB.packet(), note -> {
            TO_WEB.writeTo(note);
            note.set("flags", service.constant("NOTE_FRAGMENT") | service.constant("NOTE_NO_PORTS"));
        });
        assertThat(outcome.reason()).isEqualTo("REASON_NO_BACKEND");
    }

    @ParameterizedTest
    @ValueSource(strings = {"NOTE_KNOWN", "NOTE_ICMP_ERROR"})
    void leavesPacketsAloneThatBeginNoFlow(String flag) {
        Outcome outcome = service.run(TO_NOBODY.packet(), note -> {
            TO_NOBODY.writeTo(note);
            note.set("flags", service.constant(flag));
        });
        assertThat(outcome.verdict()).isEqualTo(Verdict.NEXT);
        assertThat(outcome.note().get("translate")).isZero();
    }

    @ParameterizedTest
    @MethodSource("elsewhere")
    void leavesPacketsToOtherPlacesAlone(Sample sample) {
        Outcome outcome = service.run(TO_WEB.packet(), sample::writeTo);
        assertThat(outcome.verdict()).isEqualTo(Verdict.NEXT);
        assertThat(outcome.note().get("translate")).isZero();
    }

    @Test
    void picksABackendOfTheFrontendsFamily() {
        Sample request = Sample.tcp(CLIENT6, 40000, FRONTEND6, PORT);
        Outcome outcome = service.run(request.packet(), request::writeTo);
        assertThat(outcome.note().get("translate")).isEqualTo(service.constant("TRANSLATE_DESTINATION"));
        assertThat(outcome.note().address("new_addr")).isEqualTo(BACKEND6);
        assertThat(outcome.note().get("new_port")).isEqualTo(TARGET);
    }

    @Test
    void picksThePortOfTheProtocol() {
        Sample request = Sample.udp(CLIENT, 40000, FRONTEND, PORT);
        Outcome outcome = service.run(request.packet(), request::writeTo);
        assertThat(outcome.note().get("new_port")).isEqualTo(TARGET + 1);
    }

    /** 10 ^ 0 and 96 ^ 10, as of the frontend. */
    @Test
    void tellsAnAddressFromAFrontendOfTheSameHash() {
        Sample request = Sample.tcp(CLIENT, 40000, Packets.address("10.0.0.106"), PORT);
        assertThat(FRONTEND).isEqualTo(Packets.address("10.96.0.10"));
        Outcome outcome = service.run(request.packet(), request::writeTo);
        assertThat(outcome.verdict()).isEqualTo(Verdict.NEXT);
        assertThat(outcome.note().get("translate")).isZero();
    }

    @Test
    void changesNothingInThePacket() {
        Outcome outcome = service.run(TO_WEB.packet(), TO_WEB::writeTo);
        assertThat(outcome.packet()).isEqualTo(TO_WEB.packet());
        assertThat(outcome.note().address("destination")).isEqualTo(FRONTEND);
    }

    @Test
    void spreadsFlowsOverTheBackends() {
        int flows = 3000;
        Map<InetAddress, Long> picked = IntStream.range(0, flows)
                .mapToObj(i -> service.run(TO_WEB.packet(), TO_WEB::writeTo).note().address("new_addr"))
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
        assertThat(picked).containsOnlyKeys(BACKEND_ONE, BACKEND_TWO, BACKEND_THREE);
        assertThat(picked.values()).allSatisfy(count -> assertThat(count).isBetween(850L, 1150L));
    }
}
