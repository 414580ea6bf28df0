package io.manx.resources.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import io.manx.api.resource.EndpointSlice;
import io.manx.api.resource.EndpointSlice.Backend;
import io.manx.api.resource.Service;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SlicesTest {
    private static final String WEB =
            """
            apiVersion: discovery.k8s.io/v1
            kind: EndpointSlice
            metadata:
              name: web-abc
              namespace: shop
              labels: {kubernetes.io/service-name: web}
            addressType: IPv4
            endpoints:
            - addresses: [10.1.0.2]
            ports:
            - {name: http, port: 8080}
            """;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "kubernetes.io/service-name | team | 4:3: metadata: the label kubernetes.io/service-name is missing,"
                        + " expected the name of the Service that these endpoints serve",
                "addressType: IPv4 | addressType: FQDN | 7:14: addressType: FQDN is not supported by Manx: packets go to"
                        + " addresses, not to names",
                "addressType: IPv4 | addressType: IPv5 | 7:14: addressType: found \"IPv5\", expected IPv4 or IPv6",
                "10.1.0.2 | 'fd00::2' | 9:15: endpoints[0].addresses[0]: found \"fd00::2\", expected an IPv4 address as"
                        + " addressType says",
                "[10.1.0.2] | [10.1.0.2, 10.1.0.3] | 9:14: endpoints[0].addresses: found 2 addresses, expected one;"
                        + " write an endpoint for each",
                "[10.1.0.2] | [] | 9:14: endpoints[0].addresses: found 0 addresses, expected one; write an endpoint for"
                        + " each",
                "port: 8080 | port: 70000 | 11:22: ports[0].port: found 70000, expected a port from 1 to 65535",
                "', port: 8080' | '' | 11:3: ports[0].port is missing",
                "name: http | hints: x | 11:4: ports[0].hints is not a known field, expected one of appProtocol, name,"
                        + " port, protocol",
            })
    void refusesASlice(String right, String wrong, String problem) {
        assertThat(Yaml.problems(WEB.replace(right, wrong))).containsExactly("test.yaml:" + problem);
    }

    @Test
    void refusesHints() {
        String hinted = WEB.replace("[10.1.0.2]\n", "[10.1.0.2]\n  hints: {forZones: [{name: a}]}\n");
        assertThat(Yaml.problems(hinted))
                .containsExactly("test.yaml:10:3: endpoints[0].hints is not supported by Manx: backends are picked from"
                        + " all that are ready");
    }

    @Test
    void readsASlice() {
        EndpointSlice slice = Yaml.only(
                EndpointSlice.class,
                """
                apiVersion: discovery.k8s.io/v1
                kind: EndpointSlice
                metadata:
                  name: web-abc
                  namespace: shop
                  labels: {kubernetes.io/service-name: web}
                addressType: IPv4
                endpoints:
                - addresses: [10.1.0.2]
                  conditions: {ready: true, serving: true, terminating: false}
                  nodeName: gateway
                  zone: a
                  hostname: web-1
                  targetRef: {kind: Pod, name: web-1}
                - addresses: [10.1.0.3]
                  conditions: {ready: false}
                - addresses: [10.1.0.4]
                - addresses: [10.1.0.5]
                  conditions: {ready: null}
                ports:
                - {name: http, port: 8080, protocol: TCP, appProtocol: http}
                - {port: 53, protocol: UDP}
                """);
        assertThat(slice.name()).isEqualTo("shop/web-abc");
        assertThat(slice.service()).isEqualTo("shop/web");
        assertThat(slice.backends())
                .containsExactly(
                        new Backend(Addresses.address("10.1.0.2"), true),
                        new Backend(Addresses.address("10.1.0.3"), false),
                        new Backend(Addresses.address("10.1.0.4"), true),
                        new Backend(Addresses.address("10.1.0.5"), true));
        assertThat(slice.ports()).containsExactly(new Service.Port("http", 6, 8080), new Service.Port("", 17, 53));
    }
}
