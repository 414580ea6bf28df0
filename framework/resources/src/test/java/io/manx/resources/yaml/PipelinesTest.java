package io.manx.resources.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import io.manx.api.resource.Pipeline;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PipelinesTest {
    private static final String EDGE =
            """
            apiVersion: manx.io/v1
            kind: Pipeline
            metadata:
              name: edge
            spec:
              interfaces: [eth1, eth2]
              order: [parse, conntrack, forward]
            """;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "hook: tcp | test.yaml:6:9: spec.hook: found \"tcp\", expected tc or xdp",
                "interfaces: [] | test.yaml:6:15: spec.interfaces: is empty; leave it out for every interface that no other Pipeline names",
                "interfaces: ['*'] | test.yaml:6:16: spec.interfaces[0]: found \"*\"; leave interfaces out for every interface that no other Pipeline names",
                "interfaces: [eth1, eth1] | test.yaml:6:22: spec.interfaces[1]: \"eth1\" is given twice",
                "order: [] | test.yaml:6:10: spec.order: is empty; leave it out for the order that the stages derive",
                "order: [parse, Policy] | test.yaml:6:18: spec.order[1]: found \"Policy\", expected at most 63 small letters, digits and dashes, with a letter or digit at both ends",
                "order: [nat, parse, nat] | test.yaml:6:23: spec.order[2]: \"nat\" is given twice",
                "ordr: [parse] | test.yaml:6:3: spec.ordr is not a known field, expected order (did you mean that?)",
            })
    void refusesWhatItCantMean(String field, String problem) {
        assertThat(Yaml.problems(withSpec(field))).containsExactly(problem);
    }

    @Test
    void refusesOrderAndWithoutTogether() {
        assertThat(Yaml.problems(EDGE + "  without: [nat]\n"))
                .containsExactly(
                        "test.yaml:8:12: spec.without: order names every stage that is to be there; write one of the two");
    }

    @Test
    void refusesTwoForOneInterfaceOnOneHook() {
        String other = EDGE.replace("name: edge", "name: border").replace("[eth1, eth2]", "[eth2]");

        assertThat(Yaml.conflicts(EDGE, other))
                .containsExactly("b.yaml:1: interface eth2 on tc is already given a pipeline at a.yaml:1 (Pipeline edge)");
    }

    @Test
    void refusesTwoForAllOtherInterfaces() {
        assertThat(Yaml.conflicts(withSpec("without: [nat]"), withSpec("order: [parse]").replace("edge", "border")))
                .containsExactly(
                        "b.yaml:1: every other interface on tc is already given a pipeline at a.yaml:1 (Pipeline edge)");
    }

    @Test
    void readsEveryField() {
        Pipeline pipeline = Yaml.only(Pipeline.class, EDGE.replace("spec:", "spec:\n  hook: xdp"));

        assertThat(pipeline.hook()).isEqualTo("xdp");
        assertThat(pipeline.interfaces()).containsExactly("eth1", "eth2");
        assertThat(pipeline.order()).containsExactly("parse", "conntrack", "forward");
        assertThat(pipeline).hasToString("Pipeline edge (test.yaml:1)");
    }

    @Test
    void isForTcAndEveryOtherInterfaceWhereItDoesNotSay() {
        Pipeline pipeline = Yaml.only(Pipeline.class, withSpec("without: [policy]"));

        assertThat(pipeline.hook()).isEqualTo("tc");
        assertThat(pipeline.interfaces()).isEmpty();
        assertThat(pipeline.without()).containsExactly("policy");
    }

    @Test
    void letsOneInterfaceHaveAPipelineOnEachHook() {
        assertThat(Yaml.conflicts(EDGE, EDGE.replace("name: edge", "name: early").replace("spec:", "spec:\n  hook: xdp")))
                .isEmpty();
    }

    private static String withSpec(String field) {
        return EDGE.substring(0, EDGE.indexOf("  interfaces")) + "  " + field + "\n";
    }
}
