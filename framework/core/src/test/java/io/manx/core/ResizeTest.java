package io.manx.core;

import static io.manx.core.EngineTest.ip;
import static io.manx.core.FlowLab.fill;
import static io.manx.core.FlowStages.flows;
import static io.manx.core.Offers.compiled;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.manx.api.resource.Resources;
import io.manx.api.stage.StageContext;
import io.manx.api.stage.StageControl;
import io.manx.core.FlowLab.Flow;
import io.manx.core.StageDescriptor.Migrate;
import io.manx.core.Steps.Step;
import io.manx.libbpf.BpfMap;
import io.manx.libbpf.netlink.RtNetlink;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Resources ask for another number of entries of a map; and stages of two bundles take the framework's to another layout. */
class ResizeTest {
    /** From here on none that the kernel gives a sender by itself: 32,768 to 60,999. */
    private static final int QUIET = 4_000;
    private static final int FLOWS = 2_000;
    private static final String BUSY = OwnNames.of("r");
    private static final String SHARED = "manx_test_flows";

    @TempDir
    Path state;

    private final Sizes sizes = new Sizes();
    private FlowLab lab;
    private RtNetlink network;
    private Engine engine;
    private boolean planFails;

    /** A control whose resources are a number. */
    private static final class Sizes implements StageControl {
        private int entries;
        private int loaded;

        @Override
        public String stage() {
            return "flows";
        }

        @Override
        public void loaded(StageContext context) {
            loaded++;
        }

        @Override
        public Map<String, Integer> mapEntries(Resources resources) {
            return entries == 0 ? Map.of() : Map.of("flows", entries);
        }
    }

    @BeforeEach
    void start() throws Exception {
        lab = new FlowLab(state);
        Datagrams.link(BUSY);
        network = new RtNetlink();
        engine = newEngine();
    }

    private Engine newEngine() {
        return new Engine(new Engine.Options(state, AttachMode.AUTO, Set.of(lab.near(), BUSY)), network, this::before);
    }

    private void before(Step step) {
        if (step == Step.PLAN && planFails) {
            throw new IllegalStateException("no plan, says the test");
        }
    }

    @AfterEach
    void stop() throws Exception {
        try {
            engine.close();
        } finally {
            network.close();
            lab.remove();
            ip("link", "delete", BUSY);
        }
    }

    @Test
    void refusesWhatDoesNotFitAndKeepsTheTable() throws Exception {
        begin(flows(1, sizes));
        fill(lab.pin(), QUIET, FLOWS);
        Held before = lab.held();

        assertThatThrownBy(() -> resize(FLOWS - 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("holds " + FLOWS + " entries", "room for " + (FLOWS - 1))
                .hasMessageContaining("the last good resources stay in force");
        assertThatThrownBy(() -> resize(Integer.MAX_VALUE)).hasMessageContaining("the last good resources stay in force");

        assertThat(capacity(lab.pin())).isEqualTo(65_536);
        assertThat(lab.flows()).hasSize(FLOWS);
        assertThat(lab.held()).isEqualTo(before);
        assertThat(engine.view().stages()).allMatch(stage -> stage.state().equals("running"));
        resize(FLOWS);
        assertThat(capacity(lab.pin())).isEqualTo(FLOWS);
    }

    @Test
    void growsAndShrinksUnderTrafficAndLosesNoFlowAndNoPacket() throws Exception {
        begin(flows(1, sizes));
        fill(lab.pin(), QUIET, FLOWS);
        Held before = lab.held();
        Datagrams.Report report;
        try (Datagrams traffic = Datagrams.into(BUSY)) {
            for (int entries : List.of(131_072, 4_096, 524_288)) {
                traffic.await(1_000);
                resize(entries);
                assertThat(capacity(lab.pin())).isEqualTo(entries);
            }
            traffic.await(1_000);
            report = traffic.end();
        }

        Map<Integer, Flow> flows = lab.flows();
        assertThat(flows).hasSize(FLOWS + 1);
        assertThat(engine.view().drops()).isEmpty();
        assertThat(report.received()).isEqualTo(report.sent());
        assertThat(lab.held()).isEqualTo(before);
        assertThat(sizes.loaded).as("its control goes on as it is").isEqualTo(1);
    }

    /** Else the sizes that it wanted would count as those in force, and the next change would have none to make. */
    @Test
    void isResizedByTheNextChangeWhereOneHadNoPlan() throws Exception {
        begin(flows(1, sizes));
        fill(lab.pin(), QUIET, FLOWS);
        Held before = lab.held();
        planFails = true;
        assertThatThrownBy(() -> resize(131_072)).hasMessageContaining("no plan, says the test");
        assertThat(capacity(lab.pin())).isEqualTo(65_536);
        assertThat(lab.held()).isEqualTo(before);

        planFails = false;
        resize(131_072);
        assertThat(capacity(lab.pin())).isEqualTo(131_072);
        assertThat(lab.flows()).hasSize(FLOWS);
    }

    @Test
    void hasTheSizeFromTheStartAndAfterTheNext() throws Exception {
        sizes.entries = 1_024;
        begin(flows(1, sizes));
        fill(lab.pin(), QUIET, 10);
        assertThat(capacity(lab.pin())).isEqualTo(1_024);
        engine.close(true);

        sizes.entries = 2_048;
        engine = newEngine();
        begin(flows(1, sizes));
        assertThat(capacity(lab.pin())).isEqualTo(2_048);
        assertThat(lab.flows()).hasSize(10);
    }

    // ---- the framework's map, which stages of two bundles use

    @Test
    void takesAFrameworksMapToAnotherLayoutWithAllItsStagesOrNotAtAll() throws Exception {
        List<StageDescriptor> old = List.of(shared("flows", 1), shared("twin", 1));
        begin(old.toArray(StageDescriptor[]::new));
        Path pin = PinRoot.of(state).maps().resolve(SHARED);
        fill(pin, QUIET, FLOWS);
        Held before = lab.held();

        StageDescriptor alone = shared("flows", 2);
        engine.withdraw(old.get(0));
        engine.offer(alone);
        assertThat(engine.settle("test")).isEmpty();
        assertThat(engine.refusal(alone).orElseThrow()).contains(SHARED, "twin 1.0.0 (bundle.twin), which uses it too, has the old one");
        assertThat(lab.held()).isEqualTo(before);

        engine.withdraw(alone);
        engine.withdraw(old.get(1));
        engine.offer(shared("flows", 2));
        engine.offer(shared("twin", 2));
        assertThat(engine.settle("test")).isPresent();
        try (BpfMap map = BpfMap.open(pin)) {
            assertThat(map.value().has("mark")).isTrue();
            assertThat(FlowLab.flows(map)).hasSize(FLOWS);
        }
    }

    private static StageDescriptor shared(String name, int version) {
        return new StageDescriptor(
                        name, "bundle." + name, 2000 + version, Version.parse(version + ".0.0"), Hook.TC,
                        name.equals("twin") ? List.of("flows") : List.of(), List.of(), WhichPackets.EVERY,
                        compiled("shared_" + name + version + ".bpf.o"), false, Optional::empty)
                .migrating(Migrate.BY_NAME);
    }

    // ---- steps

    private void begin(StageDescriptor... stages) {
        for (StageDescriptor stage : stages) {
            engine.offer(stage);
        }
        engine.start();
    }

    private void resize(int entries) {
        int before = sizes.entries;
        sizes.entries = entries;
        try {
            engine.resources(Specs.resources());
        } catch (IllegalArgumentException | IllegalStateException e) {
            sizes.entries = before;
            throw e;
        }
    }

    private static int capacity(Path pin) {
        try (BpfMap map = BpfMap.open(pin)) {
            return map.capacity();
        }
    }
}
