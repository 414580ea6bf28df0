package io.manx.core;

import static io.manx.core.EngineTest.ip;
import static io.manx.core.KilledEngine.stage;
import static io.manx.core.Offers.compiled;
import static io.manx.core.Offers.offer;
import static io.manx.core.Specs.ordered;
import static io.manx.core.Specs.resources;
import static org.assertj.core.api.Assertions.assertThat;

import io.manx.core.Steps.Step;
import io.manx.core.view.PipelineView;
import io.manx.core.view.PipelineView.StageRow;
import io.manx.libbpf.netlink.RtNetlink;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Each step of a change of two pipelines fails in turn: both are then wholly the old or wholly the new ones, nothing is
 * left over, no datagram is lost, and the next good change works.
 */
class PipelineFaultsTest {
    private static final String NAMES = OwnNames.of("q");
    private static final String ONE = NAMES + "a";
    private static final String TWO = NAMES + "b";

    /** Closing is what these do: where they don't take place at all, there is something left over. */
    private static final Set<Step> CLOSING = EnumSet.of(Step.CLOSE_STAGE, Step.UNPIN_ARRAY);

    @TempDir
    Path state;

    private final List<Step> taken = new ArrayList<>();
    private int failing = -1;
    private int version;
    private RtNetlink network;
    private Engine engine;
    private StageDescriptor alpha;
    private StageDescriptor gamma;

    @BeforeEach
    void start() throws Exception {
        Datagrams.link(ONE);
        Datagrams.link(TWO);
        network = new RtNetlink();
        engine = new Engine(new Engine.Options(state, AttachMode.AUTO, Set.of(ONE, TWO)), network, this::step);
        alpha = nextAlpha();
        engine.offer(alpha);
        engine.offer(stage("beta", List.of("alpha")));
        engine.resources(resources(ordered("edge", List.of(TWO), "alpha")));
        engine.start();
    }

    @AfterEach
    void stop() throws Exception {
        try {
            engine.close();
        } finally {
            network.close();
            ip("link", "delete", ONE);
            ip("link", "delete", TWO);
        }
    }

    /** {@code rows}: a stage of both replaced; {@code mixed}: in one of them another comes too; {@code moved}: one is given up. */
    @ParameterizedTest
    @ValueSource(strings = {"rows", "mixed", "moved"})
    void areBothOldOrBothNewWhicheverStepFails(String kind) throws Exception {
        change(kind);
        List<Step> all = List.copyOf(taken);
        Held whenNew = Held.by(state).generationless();
        changeBack(kind);
        Held whenOld = Held.by(state).generationless();
        assertThat(all).containsOnlyOnce(Step.FLIP_PHASE);
        Datagrams.Report report;
        try (Datagrams traffic = Datagrams.into(ONE, TWO)) {
            for (int step = 0; step < all.size(); step++) {
                if (CLOSING.contains(all.get(step)) || isRefusalAmongOthers(kind, all.get(step))) {
                    continue;
                }
                String when = kind + " fails at " + all.get(step) + ", step " + step;
                Map<String, List<String>> old = chains();
                failing = step;
                boolean thrown = changeFails(kind);
                failing = -1;
                boolean isNew = all.get(step).ordinal() >= Step.COUNT_PACKETS.ordinal();
                assertThat(chains()).as(when + (thrown ? ", thrown" : "")).isEqualTo(isNew ? expected(kind) : old);
                assertThat(Held.by(state).generationless()).as(when).isEqualTo(isNew ? whenNew : whenOld);
                traffic.await(10);
                engine.settle("after " + when);
                change(kind);
                assertThat(chains()).as("after " + when).isEqualTo(expected(kind));
                changeBack(kind);
            }
            report = traffic.end();
        }
        assertThat(report.received()).isEqualTo(report.sent());
    }

    private void step(Step step) {
        taken.add(step);
        if (taken.size() - 1 == failing) {
            throw new IllegalStateException("a fault of this test's");
        }
    }

    private void change(String kind) {
        if (kind.equals("moved")) {
            taken.clear();
            engine.resources(resources());
            return;
        }
        replaceAlpha();
        if (kind.equals("mixed") && gamma == null) {
            gamma = stage("gamma", List.of("alpha"));
            engine.offer(gamma);
        }
        taken.clear();
        engine.settle("test");
    }

    private boolean changeFails(String kind) {
        try {
            change(kind);
            return false;
        } catch (IllegalStateException e) {
            return true;
        }
    }

    private void changeBack(String kind) {
        if (gamma != null) {
            engine.withdraw(gamma);
            gamma = null;
        }
        engine.resources(resources(ordered("edge", List.of(TWO), "alpha")));
        assertThat(chains()).isEqualTo(Map.of(ONE, List.of(newest(), "beta 1.0.0"), TWO, List.of(newest())));
    }

    private void replaceAlpha() {
        StageDescriptor next = nextAlpha();
        engine.withdraw(alpha);
        engine.offer(next);
        alpha = next;
    }

    private StageDescriptor nextAlpha() {
        return offer("alpha", "1." + version++ + ".0", List.of(), List.of(), WhichPackets.EVERY, compiled("alpha.bpf.o"));
    }

    private String newest() {
        return "alpha " + alpha.version();
    }

    private Map<String, List<String>> expected(String kind) {
        return switch (kind) {
            case "rows" -> Map.of(ONE, List.of(newest(), "beta 1.0.0"), TWO, List.of(newest()));
            case "mixed" -> Map.of(ONE, List.of(newest(), "beta 1.0.0", "gamma 1.0.0"), TWO, List.of(newest()));
            default -> Map.of(ONE, List.of(newest(), "beta 1.0.0"), TWO, List.of(newest(), "beta 1.0.0"));
        };
    }

    /** A refused stage doesn't keep the other from coming: that is a change of its own, to neither old nor new. */
    private static boolean isRefusalAmongOthers(String kind, Step step) {
        return kind.equals("mixed") && step == Step.TELL_LOADED;
    }

    /** By interface; ingress and egress have the same. */
    private Map<String, List<String>> chains() {
        Map<String, List<String>> chains = new TreeMap<>();
        for (PipelineView view : engine.view().pipelines()) {
            List<String> chain = view.lanes().first().stream().map(PipelineFaultsTest::text).toList();
            assertThat(chains.getOrDefault(view.interfaceName(), chain)).isEqualTo(chain);
            chains.put(view.interfaceName(), chain);
        }
        return chains;
    }

    private static String text(StageRow row) {
        return row.name() + " " + row.version();
    }
}
