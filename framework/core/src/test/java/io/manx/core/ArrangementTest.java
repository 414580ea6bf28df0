package io.manx.core;

import static io.manx.core.Offers.offer;
import static io.manx.core.Specs.ordered;
import static io.manx.core.Specs.without;
import static org.assertj.core.api.Assertions.assertThat;

import io.manx.api.resource.Pipeline;
import java.util.List;
import org.junit.jupiter.api.Test;

class ArrangementTest {
    private final StageDescriptor parse = offer("parse");
    private final StageDescriptor conntrack = offer("conntrack after parse");
    private final StageDescriptor policy = offer("policy after conntrack before nat");
    private final StageDescriptor nat = offer("nat after conntrack");

    @Test
    void refusesAnOrderThatPutsAStageBeforeOneItMustFollow() {
        assertThat(conflicts(ordered("edge", List.of("eth1"), "conntrack", "parse")))
                .containsExactly("Pipeline edge (edge.yaml:1) puts conntrack (bundle bundle.conntrack) before parse, which it must follow");
    }

    @Test
    void refusesAnOrderThatPutsAStageBehindOneItMustPrecede() {
        assertThat(conflicts(ordered("edge", List.of("eth1"), "parse", "conntrack", "nat", "policy")))
                .containsExactly("Pipeline edge (edge.yaml:1) puts policy (bundle bundle.policy) behind nat, which it must precede");
    }

    @Test
    void refusesAnOrderWithoutAStageThatAnotherMustFollow() {
        assertThat(conflicts(ordered("edge", List.of("eth1"), "parse", "nat")))
                .containsExactly("Pipeline edge (edge.yaml:1) leaves out conntrack, which nat (bundle bundle.nat) must follow");
    }

    @Test
    void refusesToLeaveOutAStageThatAnotherMustFollow() {
        assertThat(conflicts(without("edge", List.of("eth1"), "conntrack", "policy")))
                .containsExactly("nat must follow conntrack, which Pipeline edge (edge.yaml:1) leaves out"
                        + " (stage nat is of bundle bundle.nat)");
    }

    @Test
    void missesAStageThatIsNotThere() {
        Arrangement arrangement = arranged(ordered("edge", List.of("eth1"), "parse", "late"));

        assertThat(arrangement.isWhole()).isFalse();
        assertThat(arrangement.missing()).containsExactly("late");
    }

    @Test
    void leavesStagesOut() {
        Arrangement arrangement = arranged(without("edge", List.of("eth1"), "policy", "nosuch"));

        assertThat(arrangement.isWhole()).isTrue();
        assertThat(arrangement.chain()).containsExactly(parse, conntrack, nat);
    }

    @Test
    void takesTheOrderAsItIsWritten() {
        StageDescriptor first = offer("a");
        StageDescriptor second = offer("b");

        Arrangement arrangement = Arrangement.of(ordered("edge", List.of("eth1"), "b", "a"), List.of(first, second), FieldRules.NONE);

        assertThat(arrangement.isWhole()).isTrue();
        assertThat(arrangement.chain()).containsExactly(second, first);
    }

    private Arrangement arranged(Pipeline resource) {
        return Arrangement.of(resource, List.of(parse, conntrack, policy, nat), FieldRules.NONE);
    }

    private List<String> conflicts(Pipeline resource) {
        return arranged(resource).conflicts().stream().map(Arrangement.Conflict::why).toList();
    }
}
