package io.manx.resources.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import io.manx.api.resource.HostEndpoint;
import io.manx.api.resource.WorkloadEndpoint;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EndpointsTest {
    private static final String HOST =
            """
            apiVersion: projectcalico.org/v3
            kind: HostEndpoint
            metadata:
              name: uplink
              labels: {role: gateway}
            spec:
              node: gateway
              interfaceName: eth0
              expectedIPs: [192.0.2.1, "2001:db8::1"]
              ports: [{name: http, port: 80, protocol: TCP}]
              profiles: []
            """;
    private static final String WORKLOAD =
            """
            apiVersion: projectcalico.org/v3
            kind: WorkloadEndpoint
            metadata:
              name: gateway-k8s-web--1-eth0
              namespace: shop
              labels: {app: web}
            spec:
              orchestrator: k8s
              node: gateway
              pod: web-1
              containerID: 01a2b3
              endpoint: eth0
              serviceAccountName: default
              interfaceName: cali01
              mac: 02:00:00:00:00:01
              ipNetworks: [10.1.0.2/32, "fd00:1::2/128"]
              ports: [{name: http, port: 80, protocol: TCP}]
            """;

    @Test
    void refusesAnAddressThatIsNone() {
        assertThat(Yaml.problems(HOST.replace("192.0.2.1,", "192.0.2.256,")))
                .containsExactly("test.yaml:9:17: spec.expectedIPs[0]: found \"192.0.2.256\", expected an IPv4 or IPv6"
                        + " address such as 10.0.0.1 or fd00::1");
    }

    @Test
    void refusesAListThatIsNone() {
        assertThat(Yaml.problems(HOST.replace("[192.0.2.1, \"2001:db8::1\"]", "192.0.2.1")))
                .containsExactly("test.yaml:9:16: spec.expectedIPs: found \"192.0.2.1\", expected a list");
    }

    @Test
    void refusesAnInterfaceNameThatLinuxCouldNotHold() {
        assertThat(Yaml.problems(HOST.replace("interfaceName: eth0", "interfaceName: a-name-of-sixteen")))
                .containsExactly("test.yaml:8:18: spec.interfaceName: found \"a-name-of-sixteen\", expected an"
                        + " interface's name of 1 to 15 characters");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "profiles: [kns.shop] | spec.profiles is not supported by Manx: profiles come later; select the"
                        + " endpoint by a GlobalNetworkPolicy",
                "ipNATs: [{}] | spec.ipNATs is not supported by Manx: floating addresses come later",
                "allowSpoofedSourcePrefixes: [10.0.0.0/8] | spec.allowSpoofedSourcePrefixes is not supported by Manx:"
                        + " a workload's source addresses can't be widened",
                "qosControls: {ingressBandwidth: 1} | spec.qosControls is not supported by Manx: rates and bursts are"
                        + " not limited",
            })
    void refusesByNameWhatWouldChangeWherePacketsGo(String field, String problem) {
        assertThat(Yaml.problems(WORKLOAD + "  " + field + "\n")).containsExactly("test.yaml:18:3: " + problem);
    }

    @Test
    void refusesANetworkThatIsNoSingleAddress() {
        assertThat(Yaml.problems(WORKLOAD.replace("10.1.0.2/32", "10.1.0.0/24")))
                .containsExactly("test.yaml:16:16: spec.ipNetworks[0]: found \"10.1.0.0/24\", expected a single"
                        + " address, alone or with /32");
    }

    @Test
    void refusesAMacThatIsNone() {
        assertThat(Yaml.problems(WORKLOAD.replace("02:00:00:00:00:01", "02:00:00:00:00")))
                .containsExactly("test.yaml:15:8: spec.mac: found \"02:00:00:00:00\", expected a MAC address such as"
                        + " ee:ee:ee:ee:ee:ee");
    }

    @Test
    void readsAHostEndpoint() {
        HostEndpoint endpoint = Yaml.only(HostEndpoint.class, HOST);
        assertThat(endpoint.name()).isEqualTo("uplink");
        assertThat(endpoint.labels()).isEqualTo(Map.of("role", "gateway"));
        assertThat(endpoint.interfaceName()).isEqualTo("eth0");
        assertThat(endpoint.expectedIPs())
                .containsExactly(Addresses.address("192.0.2.1"), Addresses.address("2001:db8::1"));
    }

    @Test
    void readsAWorkloadEndpoint() {
        WorkloadEndpoint endpoint = Yaml.only(WorkloadEndpoint.class, WORKLOAD);
        assertThat(endpoint.name()).isEqualTo("shop/gateway-k8s-web--1-eth0");
        assertThat(endpoint.interfaceName()).isEqualTo("cali01");
        assertThat(endpoint.ipNetworks())
                .containsExactly(Addresses.prefix("10.1.0.2/32"), Addresses.prefix("fd00:1::2/128"));
        assertThat(endpoint.mac()).hasValueSatisfying(mac -> assertThat(mac).containsExactly(2, 0, 0, 0, 0, 1));
    }

    @Test
    void givesAWorkloadTheLabelsThatCalicoGivesIt() {
        assertThat(Yaml.only(WorkloadEndpoint.class, WORKLOAD).labels())
                .isEqualTo(Map.of(
                        "app", "web",
                        "projectcalico.org/namespace", "shop",
                        "projectcalico.org/orchestrator", "k8s"));
    }

    @Test
    void readsAWorkloadEndpointOfTheDefaultNamespaceWithoutAMac() {
        String document = WORKLOAD.replace("  namespace: shop\n", "").replaceAll("  mac: .*\n", "");
        WorkloadEndpoint endpoint = Yaml.only(WorkloadEndpoint.class, document);
        assertThat(endpoint.name()).isEqualTo("default/gateway-k8s-web--1-eth0");
        assertThat(endpoint.mac()).isEmpty();
    }
}
