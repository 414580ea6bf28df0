package io.manx.core;

import static io.manx.core.Offers.offer;
import static io.manx.core.Specs.ordered;
import static io.manx.core.Specs.without;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.manx.api.resource.Pipeline;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RoutingTest {
    private final StageDescriptor parse = offer("parse");
    private final StageDescriptor policy = offer("policy after parse");
    private final Catalog catalog = new Catalog(new NoteFields(64, stage -> StageFields.NONE));
    private final Routing routing = new Routing(Hook.TC, catalog);

    @BeforeEach
    void offerStages() {
        catalog.offer(parse);
        catalog.offer(policy);
    }

    @Test
    void refusesResourcesThatAStageContradicts() {
        List<Pipeline> wrong = List.of(ordered("edge", List.of("eth1"), "policy"));

        assertThatThrownBy(() -> routing.check(wrong, List.of(parse, policy)))
                .hasMessageContaining("Pipeline edge (edge.yaml:1) leaves out parse, which policy (bundle bundle.policy) must follow")
                .hasMessageContaining("last good resources");
    }

    @Test
    void refusesAStageThatComesLaterThanTheResourceItContradicts() {
        routing.resources(List.of(without("edge", List.of("eth1"), "policy")));
        StageDescriptor needy = offer("audit after policy");
        catalog.offer(needy);

        Plan plan = routing.plan(List.of(parse, policy));

        assertThat(plan.refusal(List.of(parse, policy)).orElseThrow())
                .hasMessageContaining("bundle bundle.audit: stage audit refused")
                .hasMessageContaining("Pipeline edge (edge.yaml:1)");
        catalog.refuse(plan.refusal(List.of(parse, policy)).orElseThrow());
        assertThat(chain(routing.plan(List.of(parse, policy)), "eth1")).containsExactly(parse);
        catalog.reconsider();
        assertThat(catalog.refused()).isEmpty();
    }

    @Test
    void keepsAnInterfaceWhereItWasUntilEveryStageOfItsOrderIsThere() {
        routing.resources(List.of(ordered("edge", List.of("eth1"), "parse")));
        routing.taken(routing.plan(List.of()));
        routing.resources(List.of(ordered("edge", List.of("eth1"), "parse", "late"), ordered("new", List.of("eth2"), "late")));

        Plan waits = routing.plan(List.of(parse, policy));
        assertThat(chain(waits, "eth1")).containsExactly(parse);
        assertThat(chain(waits, "eth2")).containsExactly(parse, policy);
        assertThat(waits.pending().values()).allSatisfy(reasons -> assertThat(reasons).containsEntry("late", "late is not installed"));
        StageDescriptor late = offer("late");
        catalog.offer(late);

        Plan joined = routing.plan(List.of(parse, policy));
        assertThat(chain(joined, "eth1")).containsExactly(parse, late);
        assertThat(chain(joined, "eth2")).containsExactly(late);
        assertThat(joined.pending()).isEmpty();
    }

    @Test
    void holdsAStageThatAnOrderNames() {
        routing.resources(List.of(ordered("edge", List.of("eth1"), "parse", "policy")));
        routing.taken(routing.plan(List.of()));
        assertThat(catalog.whyNeeded(List.of(parse, policy), Set.of(policy))).contains("Pipeline edge (edge.yaml:1) names policy");
        catalog.withdraw(policy);
        assertThat(chain(routing.plan(List.of(parse, policy)), "eth1")).containsExactly(parse, policy);

        routing.resources(List.of(ordered("edge", List.of("eth1"), "parse")));
        assertThat(routing.plan(List.of(parse, policy)).choice().order().chain()).containsExactly(parse);
    }

    @Test
    void holdsAStageThatAnInterfaceStaysWith() {
        routing.resources(List.of(ordered("edge", List.of("eth1"), "parse", "policy")));
        routing.taken(routing.plan(List.of()));
        catalog.withdraw(policy);
        routing.resources(List.of(ordered("edge", List.of("eth1"), "parse", "late")));

        assertThat(chain(routing.plan(List.of(parse, policy)), "eth1")).containsExactly(parse, policy);
    }

    @Test
    void saysOfAStageThatNoPipelineHasWhoLeavesItOut() {
        routing.resources(List.of(without("all", List.of(), "policy")));

        assertThat(routing.plan(List.of()).waiting()).containsEntry(policy, "left out by Pipeline all (all.yaml:1)");
    }

    private static List<StageDescriptor> chain(Plan plan, String interfaceName) {
        return plan.of(interfaceName).chain();
    }
}
