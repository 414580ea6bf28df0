package io.manx.itest.modules;

import static org.assertj.core.api.Assertions.assertThat;

import io.manx.testkit.EchoStream;
import io.manx.testkit.Namespace;
import io.manx.testkit.Namespaces;
import io.manx.testkit.Running;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The assembled jars on the module path of a Java without OSGi: the same engine, the same stages. */
class ModulePathIT {
    private static final String CHAIN = "fastpath > parse > conntrack > service > policy > nat > routes > forward";
    private static final String HERE = "198.51.100.1";
    private static final int PORT = 5201;
    private static final int ROUNDS = 5;
    private static final Duration SOON = Duration.ofMinutes(2);

    /** With these every default stage has work to do. */
    private static final String RESOURCES =
            """
            apiVersion: projectcalico.org/v3
            kind: HostEndpoint
            metadata: {name: here, labels: {role: here}}
            spec: {interfaceName: eth0, node: here, expectedIPs: [198.51.100.1]}
            ---
            apiVersion: projectcalico.org/v3
            kind: GlobalNetworkPolicy
            metadata: {name: here}
            spec:
              selector: role == 'here'
              types: [Ingress, Egress]
              ingress: [{action: Allow, protocol: UDP, destination: {ports: [5201]}}]
              egress: [{action: Allow}]
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: web, namespace: default}
            spec:
              clusterIP: 10.96.0.10
              ports: [{name: http, protocol: TCP, port: 80, targetPort: 8080}]
            ---
            apiVersion: discovery.k8s.io/v1
            kind: EndpointSlice
            metadata: {name: web-1, namespace: default, labels: {kubernetes.io/service-name: web}}
            addressType: IPv4
            ports: [{name: http, protocol: TCP, port: 8080}]
            endpoints: [{addresses: [198.51.100.1]}]
            """;

    /** The default stages with Java code of their own, and the modules that provide it. */
    private static final Map<String, String> CONTROLS = Map.of(
            "parse", "io.manx.parse",
            "conntrack", "io.manx.conntrack",
            "service", "io.manx.nat",
            "policy", "io.manx.policy",
            "nat", "io.manx.nat",
            "routes", "io.manx.routes",
            "forward", "io.manx.routes");

    @TempDir
    Path folder;

    @Test
    void composesTheDefaultPipelineAndReplacesEachStageUnderTraffic() throws Exception {
        Files.createDirectory(folder.resolve("state"));
        Path resources = Files.createDirectory(folder.resolve("resources"));
        Files.writeString(resources.resolve("all.yaml"), RESOURCES);
        try (Namespaces net = Namespaces.ofThisProcess("manx-mp")) {
            Namespace here = net.add("here");
            Namespace there = net.add("there");
            net.connect(here, "eth0", there, "eth0");
            here.address("eth0", HERE + "/24");
            there.address("eth0", "198.51.100.2/24");

            Running run = here.start(ModulePath.command(
                    ModulePathMain.class,
                    folder.resolve("state").toString(), "eth0", resources.toString(), Integer.toString(ROUNDS)));
            run.awaitLine("composed stage routes", SOON);
            EchoStream stream = EchoStream.start(there, here, HERE, PORT);
            run.endInput();
            int status = run.awaitEnd(SOON);
            EchoStream.Report report = stream.end();

            assertThat(status).as(run.output()).isZero();
            assertThat(run.output().lines())
                    .contains("engine in module io.manx.core")
                    .contains("composed tc-ingress tcx generation 1: " + CHAIN)
                    .contains("replaced tc-ingress tcx generation 1: " + CHAIN);
            CONTROLS.forEach((stage, module) -> assertThat(run.output().lines()).contains(
                    "composed stage " + stage + " 1.0.0 running, control in module " + module,
                    "replaced " + stage + " " + ROUNDS + " times, lost 0",
                    "replaced stage " + stage + " 99.0." + ROUNDS + " running, control in module " + module));
            assertThat(report.sent()).isPositive();
            assertThat(report.lost()).as("%s", report).isZero();
        }
    }
}
