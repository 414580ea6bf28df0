package io.manx.resources.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import io.manx.api.resource.Service;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServicesTest {
    private static final String WEB =
            """
            apiVersion: v1
            kind: Service
            metadata: {name: web, namespace: shop}
            spec:
              clusterIP: 10.96.0.10
              ports:
              - port: 80
            """;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "type: NodePort | 9: spec.type: NodePort is not supported by Manx: give the Service a clusterIP or"
                        + " externalIPs",
                "type: Clusterip | 9: spec.type: found \"Clusterip\", expected ClusterIP or LoadBalancer",
                "sessionAffinity: ClientIP | 3: spec.sessionAffinity: \"ClientIP\" is not supported by Manx: each new"
                        + " connection picks a backend of its own",
                "externalTrafficPolicy: Local | 3: spec.externalTrafficPolicy: \"Local\" is not supported by Manx:"
                        + " backends are picked from all that are ready",
                "internalTrafficPolicy: Local | 3: spec.internalTrafficPolicy: \"Local\" is not supported by Manx:"
                        + " backends are picked from all that are ready",
                "trafficDistribution: PreferClose | 3: spec.trafficDistribution is not supported by Manx: backends are"
                        + " picked from all that are ready",
                "loadBalancerSourceRanges: [10.0.0.0/8] | 3: spec.loadBalancerSourceRanges is not supported by Manx:"
                        + " write a GlobalNetworkPolicy",
                "healthCheckNodePort: 31000 | 3: spec.healthCheckNodePort: 31000 is not supported by Manx: health"
                        + " checks of nodes are not answered",
                "externalIPs: [gateway] | 17: spec.externalIPs[0]: found \"gateway\", expected an IPv4 or IPv6 address"
                        + " such as 10.0.0.1 or fd00::1",
                "clusterIp: 10.96.0.11 | 3: spec.clusterIp is not a known field, expected clusterIP (did you mean"
                        + " that?)",
            })
    void refusesAFieldOfAService(String field, String problem) {
        assertThat(Yaml.problems(WEB + "  " + field + "\n")).containsExactly("test.yaml:8:" + problem);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "port: 65536 | 11: spec.ports[0].port: found 65536, expected a port from 1 to 65535",
                "port: 0 | 11: spec.ports[0].port: found 0, expected a port from 1 to 65535",
                "port: '80' | 11: spec.ports[0].port: found \"80\", expected a port from 1 to 65535",
                "name: http | 5: spec.ports[0].port is missing",
                "{port: 80, nodePort: 30080} | 16: spec.ports[0].nodePort: 30080 is not supported by Manx: give the"
                        + " Service a clusterIP or externalIPs",
                "{port: 80, protocol: ICMP} | 26: spec.ports[0].protocol: found \"ICMP\", expected TCP, UDP or SCTP",
            })
    void refusesAPort(String port, String problem) {
        assertThat(Yaml.problems(WEB.replace("port: 80", port))).containsExactly("test.yaml:7:" + problem);
    }

    @Test
    void refusesSeveralPortsWithoutNames() {
        assertThat(Yaml.problems(WEB + "  - {port: 443, name: https}\n"))
                .containsExactly("test.yaml:7:5: spec.ports[0]: name is missing; each of several ports needs one");
    }

    @Test
    void refusesTheSamePortAndTheSameNameTwice() {
        assertThat(Yaml.problems(WEB.replace("port: 80", "{name: a, port: 80}") + "  - {name: a, port: 80}\n"))
                .containsExactly(
                        "test.yaml:8:5: spec.ports[1]: the name \"a\" is given to two ports",
                        "test.yaml:8:5: spec.ports[1]: port 80 is given twice for one protocol");
    }

    @Test
    void refusesAFrontendThatAnotherServiceHas() {
        assertThat(Yaml.conflicts(WEB, WEB.replace("name: web", "name: shadow")))
                .containsExactly("b.yaml:1: 10.96.0.10:80/TCP is already a frontend at a.yaml:1 (Service shop/web)");
    }

    @Test
    void refusesANameWithADot() {
        assertThat(Yaml.problems(WEB.replace("name: web", "name: web.shop")))
                .containsExactly("test.yaml:3:18: metadata.name: found \"web.shop\", expected at most 63 small letters,"
                        + " digits and dashes, with a letter or digit at both ends");
    }

    @Test
    void readsAHeadlessServiceAsOneWithoutAddresses() {
        Service service = Yaml.only(Service.class, WEB.replace("10.96.0.10", "None"));
        assertThat(service.addresses()).isEmpty();
        assertThat(service.ports()).containsExactly(new Service.Port("", 6, 80));
    }

    @Test
    void readsAServiceWithAllItsFields() {
        Service service = Yaml.only(
                Service.class,
                """
                apiVersion: v1
                kind: Service
                metadata: {name: web, namespace: shop}
                spec:
                  type: LoadBalancer
                  clusterIP: 10.96.0.10
                  clusterIPs: [10.96.0.10, "fd00:96::10"]
                  externalIPs: [192.0.2.80]
                  loadBalancerIP: 192.0.2.81
                  ipFamilies: [IPv4, IPv6]
                  ipFamilyPolicy: PreferDualStack
                  selector: {app: web}
                  sessionAffinity: None
                  externalTrafficPolicy: Cluster
                  internalTrafficPolicy: Cluster
                  allocateLoadBalancerNodePorts: false
                  loadBalancerClass: example.com/any
                  publishNotReadyAddresses: false
                  ports:
                  - {name: http, port: 80, targetPort: 8080, protocol: TCP, appProtocol: http}
                  - {name: dns, port: 53, targetPort: dns, protocol: UDP}
                  - {name: s, port: 80, protocol: SCTP}
                status:
                  loadBalancer:
                    ingress:
                    - {ip: 192.0.2.82, ipMode: VIP}
                    - {ip: 192.0.2.83, ipMode: Proxy}
                    - {hostname: lb.example.com}
                """);
        assertThat(service.name()).isEqualTo("shop/web");
        assertThat(service.addresses())
                .extracting(address -> address.getHostAddress())
                .containsExactly("10.96.0.10", "fd00:96:0:0:0:0:0:10", "192.0.2.80", "192.0.2.81", "192.0.2.82");
        assertThat(service.ports())
                .containsExactly(
                        new Service.Port("http", 6, 80),
                        new Service.Port("dns", 17, 53),
                        new Service.Port("s", 132, 80));
    }
}
