package io.manx.nat;

import static io.manx.nat.Given.BACKEND6;
import static io.manx.nat.Given.BACKEND_ONE;
import static io.manx.nat.Given.BACKEND_TWO;
import static io.manx.nat.Given.FRONTEND;
import static io.manx.nat.Given.FRONTEND6;
import static io.manx.nat.Given.FRONTEND_TWO;
import static io.manx.nat.Given.PORT;
import static io.manx.nat.Given.TARGET;
import static io.manx.nat.Given.resources;
import static io.manx.nat.Given.service;
import static io.manx.nat.Given.slice;
import static io.manx.nat.Given.sliceNotReady;
import static io.manx.nat.Given.tcp;
import static io.manx.nat.Given.udp;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.manx.api.resource.Service;
import java.util.List;
import org.junit.jupiter.api.Test;

class CatalogueTest {
    private static final Frontend WEB = new Frontend(FRONTEND, PORT, Frontend.TCP);
    private static final Frontend WEB6 = new Frontend(FRONTEND6, PORT, Frontend.TCP);

    @Test
    void refusesTwoServicesWithOneFrontend() {
        assertThatThrownBy(() -> Catalogue.of(resources(List.of(service("a", FRONTEND), service("b", FRONTEND)))))
                .hasMessage("b.yaml:1: Service default/b claims 10.96.0.10:80/tcp, which Service default/a (a.yaml:1)"
                        + " has; give one of them another address or port");
    }

    @Test
    void refusesBackendsOfAFamilyTheServiceHasNoAddressOf() {
        assertThatThrownBy(() -> Catalogue.of(resources(List.of(service("web", FRONTEND)), slice("web", BACKEND6))))
                .hasMessageContaining("web-1.yaml:1: EndpointSlice default/web-1: backend fd00:2::2 is IPv6")
                .hasMessageContaining("Service default/web (web.yaml:1) has no such address");
    }

    @Test
    void refusesAProtocolThatHasNoPortsHere() {
        Service sctp = service("web", List.of(new Service.Port("", 132, PORT)), FRONTEND);
        assertThatThrownBy(() -> Catalogue.of(resources(List.of(sctp))))
                .hasMessageContaining("web.yaml:1")
                .hasMessageContaining("expected TCP or UDP");
    }

    @Test
    void givesEachFamilyItsOwnBackends() {
        Catalogue services = Catalogue.of(resources(
                List.of(service("web", FRONTEND, FRONTEND6)), slice("web", BACKEND_ONE), slice("web", BACKEND6)));
        assertThat(services.ready())
                .containsEntry(WEB, List.of(new Backend(BACKEND_ONE, TARGET)))
                .containsEntry(WEB6, List.of(new Backend(BACKEND6, TARGET)));
    }

    @Test
    void matchesPortsByNameAndProtocol() {
        Service dns = service(
                "dns",
                List.of(new Service.Port("dns", Frontend.UDP, 53), new Service.Port("dns-tcp", Frontend.TCP, 53)),
                FRONTEND);
        Catalogue services = Catalogue.of(resources(
                List.of(dns),
                slice(
                        "dns",
                        List.of(
                                new Service.Port("dns-tcp", Frontend.TCP, 5354),
                                new Service.Port("dns", Frontend.UDP, 5353)),
                        BACKEND_ONE)));
        assertThat(services.ready())
                .containsEntry(new Frontend(FRONTEND, 53, Frontend.UDP), List.of(new Backend(BACKEND_ONE, 5353)))
                .containsEntry(new Frontend(FRONTEND, 53, Frontend.TCP), List.of(new Backend(BACKEND_ONE, 5354)));
    }

    @Test
    void listsBackendsThatAreNotReadyAndPicksNone() {
        Catalogue services = Catalogue.of(resources(
                List.of(service("web", FRONTEND)), slice("web", BACKEND_ONE), sliceNotReady("web", BACKEND_TWO)));
        assertThat(services.ready()).containsEntry(WEB, List.of(new Backend(BACKEND_ONE, TARGET)));
        assertThat(services.lists(WEB, new Backend(BACKEND_TWO, TARGET))).isTrue();
    }

    @Test
    void hasNoFrontendForAHeadlessService() {
        assertThat(Catalogue.of(resources(List.of(service("web")), slice("web", BACKEND6)))
                        .isEmpty())
                .isTrue();
    }

    @Test
    void unsettlesFlowsWhenABackendGoesOrAFrontendComesButNotWhenABackendComes() {
        Catalogue one = Catalogue.of(resources(List.of(service("web", FRONTEND)), slice("web", BACKEND_ONE)));
        Catalogue both =
                Catalogue.of(resources(List.of(service("web", FRONTEND)), slice("web", BACKEND_ONE, BACKEND_TWO)));
        Catalogue more = Catalogue.of(
                resources(List.of(service("web", FRONTEND, FRONTEND_TWO)), slice("web", BACKEND_ONE, BACKEND_TWO)));
        assertThat(one.unsettles(both)).isTrue();
        assertThat(more.unsettles(both)).isTrue();
        assertThat(both.unsettles(one)).isFalse();
        assertThat(both.unsettles(both)).isFalse();
    }

    @Test
    void keepsTcpAndUdpOfOnePortApart() {
        Catalogue services = Catalogue.of(resources(
                List.of(service("a", List.of(tcp(PORT)), FRONTEND), service("b", List.of(udp(PORT)), FRONTEND)),
                slice("b", List.of(udp(TARGET)), BACKEND_ONE)));
        assertThat(services.ready())
                .containsEntry(WEB, List.of())
                .containsEntry(
                        new Frontend(FRONTEND, PORT, Frontend.UDP), List.of(new Backend(BACKEND_ONE, TARGET)));
    }
}
