package io.manx.policy;

import static io.manx.policy.Given.TCP;
import static io.manx.policy.Given.all;
import static io.manx.policy.Given.allow;
import static io.manx.policy.Given.allowAll;
import static io.manx.policy.Given.applyOnForward;
import static io.manx.policy.Given.denyAll;
import static io.manx.policy.Given.egress;
import static io.manx.policy.Given.ingress;
import static io.manx.policy.Given.nets;
import static io.manx.policy.Given.port;
import static io.manx.policy.Given.role;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.manx.api.resource.GlobalNetworkPolicy.Match;
import io.manx.api.resource.GlobalNetworkPolicy.Rule;
import io.manx.api.resource.Resources;
import io.manx.api.stage.StageControl;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PolicyControlTest {
    private static final Resources CLOSED = PolicyStageTest.resources(ingress("db", 1, role("db"), denyAll()));
    private static final Resources OPEN = PolicyStageTest.resources(ingress("db", 1, role("db"), allowAll()));
    private static final List<String> MAPS =
            List.of("endpoints", "endpoint_rows", "programs", "prefixes", "values", "blocks");

    private static final Evaluator.Packet SQL =
            new Evaluator.Packet(TCP, true, Given.address("10.0.0.2"), 40000, Given.address("10.0.0.1"), 5432);

    private final PolicyStage stage = new PolicyStage();

    @AfterEach
    void close() {
        stage.close();
    }

    @Test
    void keepsTheLastGoodStateWhenRulesDoNotFit() {
        stage.with(CLOSED);
        List<Map<String, String>> before = dump();
        Rule[] tooMany = Collections.nCopies(32_769, allowAll()).toArray(Rule[]::new);
        assertThatThrownBy(() -> stage.with(PolicyStageTest.resources(ingress("db", 1, role("db"), tooMany))))
                .hasMessageContaining("veth-db");
        assertThat(dump()).isEqualTo(before);
        assertThat(stage.rejudged).isEqualTo(1);
    }

    @Test
    void leavesNothingOfWhatDidNotFit() {
        stage.with(CLOSED);
        List<Map<String, String>> before = dump();
        int capacity = stage.map("blocks").capacity();
        // Each rule is in a block of its own with every other source: more blocks than there are.
        Rule[] rules = new Rule[20_000];
        for (int i = 0; i < rules.length; i++) {
            boolean specific = i % 2 == 0;
            rules[i] = specific
                    ? allow(TCP, nets("172." + (16 + i / 65536) + "." + i / 256 % 256 + "." + i % 256 + "/32"), Match.ANY)
                    : allow(TCP, Match.ANY, port(80));
        }
        assertThat(rules.length / 2 * (rules.length / 512)).isGreaterThan(capacity);
        assertThatThrownBy(() -> stage.with(PolicyStageTest.resources(ingress("db", 1, role("db"), rules))))
                .hasMessageContaining("more blocks of rules");
        assertThat(dump()).isEqualTo(before);
    }

    @Test
    void isIdleWhenNothingIsSelected() {
        stage.with(CLOSED);
        assertThat(stage.idle).isFalse();
        stage.with(PolicyStageTest.resources(ingress("other", 1, role("nobody"), denyAll())));
        assertThat(stage.idle).isTrue();
        assertThat(stage.dump("endpoints")).isEmpty();
    }

    @Test
    void rejudgesOnlyWhatChanged() {
        stage.with(Resources.NONE);
        assertThat(stage.rejudged).isZero();
        stage.with(CLOSED);
        stage.with(CLOSED);
        assertThat(stage.rejudged).isEqualTo(1);
        stage.with(OPEN);
        assertThat(stage.rejudged).isEqualTo(2);
    }

    @Test
    void takesOverWhatAnEarlierVersionLeft() {
        stage.with(CLOSED);
        List<Map<String, String>> before = dump();
        PolicyControl next = new PolicyControl();
        next.loaded(stage);
        next.resources(CLOSED);
        next.unloaded();
        assertThat(dump()).isEqualTo(before);
        assertThat(stage.rejudged).isEqualTo(1);
    }

    @Test
    void neverJudgesByHalfAChange() throws Exception {
        Rule sql = allow(TCP, nets("10.0.0.0/24"), port(5432));
        Resources strict = PolicyStageTest.resources(ingress("db", 1, role("db"), sql));
        Resources mixed = PolicyStageTest.resources(
                ingress("db", 1, role("db"), Given.deny(Given.UDP, Match.ANY, port(53)), sql, denyAll()));
        stage.with(strict);
        assertThat(stage.forward(PolicyStage.WEB, PolicyStage.DB, SQL)).isEqualTo(Evaluator.ALLOWED);
        int changes = 0;
        CompletableFuture<Void> packets = CompletableFuture.runAsync(() -> stage.repeat(5_000_000));
        while (!packets.isDone()) {
            stage.with(changes++ % 2 == 0 ? mixed : strict);
        }
        packets.get();
        assertThat(changes).as("changes under traffic").isGreaterThan(10);
        assertThat(stage.dump("manx_drops")).isEmpty();
    }

    @Test
    void removesUnusedProgramsOnceNoPacketCanBeInThem() {
        long[] now = {0};
        Tables tables = new Tables(stage, () -> now[0]);
        Compiler compiler = new Compiler(8);
        Map<String, Integer> interfaces = Map.of("veth-db", PolicyStage.DB);
        Resources sql = PolicyStageTest.resources(ingress("db", 1, role("db"), allow(TCP, Match.ANY, port(5432))));
        tables.apply(compiler.compile(sql, interfaces), interfaces.values());
        tables.apply(compiler.compile(CLOSED, interfaces), interfaces.values());
        assertThat(stage.dump("programs")).hasSize(2);
        now[0] = Tables.GRACE.toNanos() - 1;
        tables.apply(compiler.compile(CLOSED, interfaces), interfaces.values());
        assertThat(stage.dump("programs")).hasSize(2);
        now[0] = Tables.GRACE.toNanos();
        tables.apply(compiler.compile(CLOSED, interfaces), interfaces.values());
        assertThat(stage.dump("programs")).hasSize(1);
        assertThat(stage.dump("prefixes")).isEmpty();
    }

    @Test
    void usesAProgramAgainThatIsStillThere() {
        Tables tables = new Tables(stage, () -> 0);
        Compiler compiler = new Compiler(8);
        Map<String, Integer> interfaces = Map.of("veth-db", PolicyStage.DB);
        tables.apply(compiler.compile(OPEN, interfaces), interfaces.values());
        tables.apply(compiler.compile(CLOSED, interfaces), interfaces.values());
        List<Map<String, String>> before = dump();
        tables.apply(compiler.compile(OPEN, interfaces), interfaces.values());
        tables.apply(compiler.compile(CLOSED, interfaces), interfaces.values());
        assertThat(dump()).isEqualTo(before);
    }

    @Test
    void sharesProgramsBetweenEndpointsAndIpVersions() {
        stage.with(PolicyStageTest.resources(ingress("all", 1, all(), allow(TCP, Match.ANY, port(80)))));
        assertThat(stage.dump("endpoints")).hasSize(3);
        assertThat(stage.dump("programs")).hasSize(1);
    }

    @Test
    void followsInterfacesThatComeAndGo() {
        stage.network.remove("veth-db");
        stage.with(CLOSED);
        assertThat(stage.dump("endpoints")).isEmpty();
        assertThat(stage.idle).isTrue();
        stage.network.add("veth-db", 77);
        assertThat(stage.dump("endpoints")).hasSize(1);
        assertThat(stage.idle).isFalse();
        assertThat(stage.rejudged).isEqualTo(1);
        stage.network.add("veth-unrelated", 78);
        assertThat(stage.rejudged).isEqualTo(1);
        stage.network.remove("veth-db");
        assertThat(stage.dump("endpoints")).isEmpty();
    }

    @Test
    void tellsInterfacesOfOneRowApart() {
        int other = PolicyStage.DB + stage.map("endpoint_rows").capacity();
        stage.network.add("veth-web", other);
        stage.with(CLOSED);
        assertThat(stage.forward(PolicyStage.UPLINK, PolicyStage.DB, SQL)).isEqualTo(Evaluator.DENIED);
        assertThat(stage.forward(PolicyStage.UPLINK, other, SQL)).isEqualTo(Evaluator.ALLOWED);

        stage.with(PolicyStageTest.resources(ingress("web", 1, role("web"), denyAll())));
        assertThat(stage.forward(PolicyStage.UPLINK, PolicyStage.DB, SQL)).isEqualTo(Evaluator.ALLOWED);
        assertThat(stage.forward(PolicyStage.UPLINK, other, SQL)).isEqualTo(Evaluator.DENIED);

        stage.network.remove("veth-db");
        assertThat(stage.forward(PolicyStage.UPLINK, other, SQL)).isEqualTo(Evaluator.DENIED);
        assertThat(stage.forward(PolicyStage.UPLINK, PolicyStage.DB, SQL)).isEqualTo(Evaluator.ALLOWED);
        stage.network.remove("veth-web");
        assertThat(stage.dump("endpoint_rows")).hasSize(1);
    }

    @Test
    void neverMistakesTheOwnerOfARow() throws Exception {
        int other = PolicyStage.DB + stage.map("endpoint_rows").capacity();
        stage.network.remove("veth-db");
        stage.network.add("veth-web", other);
        stage.with(PolicyStageTest.resources(
                ingress("db", 1, role("db"), denyAll()), ingress("web", 1, role("web"), allowAll())));
        assertThat(stage.forward(PolicyStage.UPLINK, other, SQL)).isEqualTo(Evaluator.ALLOWED);
        int changes = 0;
        CompletableFuture<Void> packets = CompletableFuture.runAsync(() -> stage.repeat(5_000_000));
        while (!packets.isDone()) {
            if (changes++ % 2 == 0) {
                stage.network.add("veth-db", PolicyStage.DB);
            } else {
                stage.network.remove("veth-db");
            }
        }
        packets.get();
        assertThat(changes).as("changes under traffic").isGreaterThan(10);
        assertThat(stage.dump("manx_drops")).isEmpty();
    }

    @Test
    void endsItsWatchWhenUnloaded() {
        stage.with(CLOSED);
        assertThat(stage.network.watched()).isTrue();
        stage.control.unloaded();
        assertThat(stage.network.watched()).isFalse();
        stage.control.unloaded();
    }

    @Test
    void showsPoliciesInTheirOrder() {
        stage.with(PolicyStageTest.resources(
                egress("late", 20, role("web"), denyAll()),
                applyOnForward(ingress("early", 10, all(), allowAll(), denyAll()))));
        assertThat(stage.control.name()).isEqualTo("policies");
        assertThat(stage.control.rows(Map.of()))
                .containsExactly(
                        new PolicyRow("early", 10.0, List.of("Ingress"), true, List.of("eth0", "veth-db", "veth-web"), 2),
                        new PolicyRow("late", 20.0, List.of("Egress"), false, List.of("veth-web"), 1));
    }

    @Test
    void isFoundWithoutOsgi() {
        assertThat(ServiceLoader.load(StageControl.class))
                .singleElement()
                .isInstanceOf(PolicyControl.class);
    }

    private List<Map<String, String>> dump() {
        return MAPS.stream().map(stage::dump).toList();
    }
}
