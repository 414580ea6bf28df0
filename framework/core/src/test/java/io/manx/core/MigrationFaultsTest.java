package io.manx.core;

import static io.manx.core.FlowLab.await;
import static io.manx.core.KilledMigration.FIRST_PORT;
import static io.manx.core.KilledMigration.FLOWS;
import static io.manx.core.KilledMigration.stages;
import static io.manx.core.Offers.compiled;
import static io.manx.core.Offers.offer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.manx.core.FlowLab.Flow;
import io.manx.core.StageDescriptor.Migrate;
import io.manx.core.Steps.Step;
import io.manx.libbpf.BpfMap;
import io.manx.libbpf.netlink.RtNetlink;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Each step of a change with a migration fails in turn, and the process ends before each in turn: the map that packets
 * meet is then wholly the old one or the new one with everything in it, nothing is left over, and the next change works.
 */
class MigrationFaultsTest {
    /** Closing is what these do: where they don't take place at all, there is something left over. */
    private static final Set<Step> CLOSING =
            EnumSet.of(Step.CLOSE_STAGE, Step.UNPIN_ARRAY, Step.CLOSE_MAP, Step.RENAME_MAP);

    @TempDir
    Path state;

    private final List<Step> taken = new ArrayList<>();
    private Step failing;
    private int failingAt = -1;
    private FlowLab lab;
    private RtNetlink network;
    private Engine engine;
    private List<StageDescriptor> offered;

    @BeforeEach
    void start() throws Exception {
        lab = new FlowLab(state);
        network = new RtNetlink();
    }

    @AfterEach
    void stop() throws Exception {
        try {
            if (engine != null) {
                engine.close();
            }
        } finally {
            network.close();
            lab.remove();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"row", "generation"})
    void isWhollyOldOrNewWhicheverStepFails(String kind) throws Exception {
        List<Step> all = stepsOf(kind);
        assertThat(all).contains(Step.COPY_MAP, Step.CATCH_UP_MAP, Step.PIN_MAP, Step.CARRY_MAP, Step.CLOSE_MAP, Step.RENAME_MAP);
        for (int at = 0; at < all.size(); at++) {
            if (CLOSING.contains(all.get(at))) {
                continue;
            }
            begin(1, kind);
            fill();
            Held before = lab.held();
            boolean isNew = all.get(at).ordinal() >= Step.COUNT_PACKETS.ordinal();
            String when = kind + " fails at " + all.get(at) + ", step " + at;

            failingAt = at;
            changeFails(kind);
            failingAt = -1;
            assertThat(version()).as(when).isEqualTo(isNew ? "2.0.0" : "1.0.0");
            assertThat(lab.held()).as(when).isEqualTo(before);
            assertIsWhole(when);
            engine.settle("test");
            change(kind);
            assertThat(version()).as("after " + when).isEqualTo("2.0.0");
            assertThat(lab.held()).as("after " + when).isEqualTo(before);
            assertIsWhole("after " + when);
            end();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"row", "generation"})
    void isWhollyOldOrNewWhereverTheProcessEnds(String kind) throws Exception {
        List<Step> all = stepsOf(kind);
        for (int at = 0; at < all.size(); at++) {
            if (at > 0 && all.get(at) == all.get(at - 1)) {
                continue;
            }
            String when = kind + " killed before " + all.get(at) + ", step " + at;
            assertThat(killedBefore(at, kind)).as(when).isEqualTo(KilledEngine.KILLED);
            int port = FIRST_PORT + 100;
            await("a flow that came after " + when + " is known", () -> {
                sendTo(port);
                return isKnown(lab.pin(), port) || isKnown(lab.nextPin(), port);
            });
            begin(2, kind);
            assertThat(version()).as(when).isEqualTo("2.0.0");
            assertIsWhole(when);
            assertThat(lab.flows()).as(when).containsKey(port);
            assertThat(lab.nextPin()).as(when).doesNotExist();
            end();
            assertThat(PinRoot.of(state).path()).doesNotExist();
        }
    }

    /** Of a bundle that was updated by command the old version is back after the end. */
    @Test
    void letsTheOldVersionStartAgainWhereItIsStillInForce() throws Exception {
        List<Step> all = stepsOf("row");
        killedBefore(all.indexOf(Step.FLIP_PHASE), "row");
        assertThat(lab.nextPin()).exists();
        begin(1, "row");
        assertIsWhole("killed before FLIP_PHASE");
        assertThat(lab.nextPin()).doesNotExist();
        assertThat(engine.view().map(FlowStages.MAP).value().has("mark")).isFalse();
    }

    @Test
    void renamesThePinAtTheNextChangeWhereItFailed() throws Exception {
        begin(1, "row");
        fill();
        Held before = lab.held();
        failing = Step.RENAME_MAP;
        change("row");
        assertThat(lab.nextPin()).exists();
        failing = null;

        engine.settle("test");
        assertThat(lab.nextPin()).doesNotExist();
        assertThat(lab.held()).isEqualTo(before);
        assertIsWhole("the pin was renamed later");
    }

    /** The map in use has no pin but the one that a third layout's copy would take. */
    @Test
    void refusesAThirdLayoutUntilThePinOfTheSecondIsRenamed() throws Exception {
        begin(1, "row");
        fill();
        failing = Step.RENAME_MAP;
        change("row");
        StageDescriptor third = thirdLayout();
        assertThat(engine.refusal(third).orElseThrow()).contains("has got the layout of flows 2.0.0", "~next");
        assertThat(version()).isEqualTo("2.0.0");
        try (BpfMap inUse = BpfMap.open(lab.nextPin())) {
            assertThat(FlowLab.flows(inUse)).hasSize(FLOWS);
        }
        AtomicInteger entries = new AtomicInteger();
        engine.view().map(FlowStages.MAP).forEach((key, value) -> entries.incrementAndGet());
        assertThat(entries).hasValue(FLOWS);

        failing = null;
        engine.withdraw(third);
        StageDescriptor again = thirdLayout();
        assertThat(engine.refusal(again)).isEmpty();
        assertThat(version()).isEqualTo("5.0.0");
        assertThat(lab.nextPin()).doesNotExist();
        assertThat(lab.flows()).hasSize(FLOWS);
    }

    @Test
    void leavesTheEarlierRunsMapWhenTheStartFailsAfterTheFirstChange() throws Exception {
        begin(1, "row");
        fill();
        engine.close(true);
        engine = newEngine();
        offered = stages(2, "row");
        offered.forEach(engine::offer);
        engine.offer(offer("wild", "1.0.0", List.of(), List.of(), WhichPackets.EVERY, compiled("wild.bpf.o")));
        assertThatThrownBy(() -> engine.start()).hasMessageContaining("would lack a stage");
        engine.close();

        assertThat(lab.nextPin()).doesNotExist();
        assertIsWhole("the start failed");
        begin(1, "row");
        assertIsWhole("the old version started again");
    }

    // ---- changes

    /** In the order in which a change of this kind takes them. */
    private List<Step> stepsOf(String kind) throws Exception {
        begin(1, kind);
        fill();
        taken.clear();
        change(kind);
        List<Step> all = List.copyOf(taken);
        end();
        return all;
    }

    private Engine newEngine() {
        return new Engine(new Engine.Options(state, AttachMode.AUTO, Set.of(lab.near())), network, this::step);
    }

    private void begin(int version, String kind) {
        engine = newEngine();
        offered = stages(version, kind);
        offered.forEach(engine::offer);
        engine.start();
    }

    private void end() {
        engine.close();
        engine = null;
    }

    private void step(Step step) {
        taken.add(step);
        if (step == failing || taken.size() - 1 == failingAt) {
            throw new IllegalStateException("a fault of this test's");
        }
    }

    private void change(String kind) {
        offered.forEach(engine::withdraw);
        offered = stages(2, kind);
        offered.forEach(engine::offer);
        taken.clear();
        engine.settle("test");
    }

    private StageDescriptor thirdLayout() {
        offered.forEach(engine::withdraw);
        offered = List.of(FlowStages.flows(5, Migrate.BY_NAME));
        engine.offer(offered.get(0));
        engine.settle("test");
        return offered.get(0);
    }

    private void changeFails(String kind) {
        try {
            change(kind);
        } catch (IllegalStateException e) {
            assertThat(e).hasMessageContaining("a fault of this test's");
        }
    }

    private int killedBefore(int step, String kind) throws Exception {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        KilledMigration.class.getName(),
                        state.toString(),
                        lab.near(),
                        Integer.toString(step),
                        kind)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }

    // ---- what is

    private void fill() {
        FlowLab.fill(lab.pin(), FIRST_PORT, FLOWS);
    }

    private String version() {
        return engine.view().stages().stream()
                .filter(stage -> stage.name().equals("flows") && stage.programId() != 0)
                .findFirst()
                .orElseThrow()
                .version();
    }

    private void assertIsWhole(String when) {
        Map<Integer, Flow> flows = lab.flows();
        for (int port = FIRST_PORT; port < FIRST_PORT + FLOWS; port++) {
            assertThat(flows).as(when).containsEntry(port, new Flow(port, 1));
        }
    }

    private void sendTo(int port) {
        try {
            lab.send(port, 1);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException("sending to port " + port, e);
        }
    }

    private static boolean isKnown(Path pin, int port) {
        if (!Files.exists(pin)) {
            return false;
        }
        try (BpfMap map = BpfMap.open(pin)) {
            return FlowLab.flows(map).containsKey(port);
        }
    }
}
