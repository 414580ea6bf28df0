package io.manx.core;

import static io.manx.core.Offers.offer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.manx.core.Order.CycleException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class OrderTest {
    private static final List<StageDescriptor> DEFAULT = List.of(
            offer("parse"),
            offer("conntrack after parse"),
            offer("service after conntrack before policy"),
            offer("policy after conntrack before nat,routes"),
            offer("nat after service before routes"),
            offer("routes after conntrack before forward"),
            offer("forward after routes"));

    @Test
    void reportsACycleByBundle() {
        List<StageDescriptor> offers = List.of(offer("one after two"), offer("two after three"), offer("three after one"));

        assertThatThrownBy(() -> Order.of(offers))
                .isInstanceOf(CycleException.class)
                .hasMessageContaining("one (bundle bundle.one)")
                .hasMessageContaining("two (bundle bundle.two)")
                .hasMessageContaining("three (bundle bundle.three)");
    }

    @Test
    void keepsAStageWaitingForTheOneItMustFollow() throws CycleException {
        StageDescriptor nat = offer("nat after service");
        StageDescriptor more = offer("more after nat");

        Order order = Order.of(List.of(offer("parse"), nat, more));

        assertThat(names(order)).containsExactly("parse");
        assertThat(order.waiting())
                .containsEntry(nat, "nat must follow service, which is not installed")
                .containsEntry(more, "more must follow nat, which waits itself");
    }

    @Test
    void runsTheHighestVersionAndSaysSoOfTheOthers() throws CycleException {
        StageDescriptor old = offer("parse", "1.9.0", List.of(), List.of());
        StageDescriptor young = offer("parse", "1.10.0", List.of(), List.of());

        Order order = Order.of(List.of(old, young));

        assertThat(order.chain()).containsExactly(young);
        assertThat(order.waiting()).containsEntry(old, "1.10.0 of bundle bundle.parse runs instead");
    }

    @Test
    void leavesHeadroomUnderTheKernelsTailCalls() throws CycleException {
        List<StageDescriptor> many = IntStream.range(0, 40).mapToObj(i -> offer("s" + i)).toList();

        Order order = Order.of(many);

        assertThat(order.chain()).hasSize(Order.LONGEST);
        assertThat(order.waiting()).hasSize(40 - Order.LONGEST);
    }

    @Test
    void ordersTheDefaultStagesHoweverTheyCome() throws CycleException {
        List<StageDescriptor> shuffled = new ArrayList<>(DEFAULT);
        Random random = new Random(1);
        for (int round = 0; round < 50; round++) {
            Collections.shuffle(shuffled, random);
            assertThat(names(Order.of(shuffled)))
                    .containsExactly("parse", "conntrack", "service", "policy", "nat", "routes", "forward");
        }
    }

    @Test
    void breaksTiesByName() throws CycleException {
        assertThat(names(Order.of(List.of(offer("b"), offer("c"), offer("a"))))).containsExactly("a", "b", "c");
    }

    private static List<String> names(Order order) {
        return order.chain().stream().map(StageDescriptor::name).toList();
    }
}
