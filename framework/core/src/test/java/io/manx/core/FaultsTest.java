package io.manx.core;

import static io.manx.core.KilledEngine.stage;
import static io.manx.core.Offers.compiled;
import static io.manx.core.Offers.offer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.manx.api.resource.Resources;
import io.manx.api.stage.StageContext;
import io.manx.api.stage.StageControl;
import io.manx.core.Steps.Step;
import io.manx.core.view.SwapView;
import io.manx.libbpf.BpfMap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Each step of a change fails in turn: all attach points then have the old pipeline, or all the new one, nothing is left
 * over, and the next good change works. The process ends before each step in turn, of a change and of a start that takes
 * over what an earlier run has left: here too all have the old one or all the new one, and the next run goes on from it.
 */
class FaultsTest extends FaultsLab {
    /** Closing is what these do: where they don't take place at all, there is something left over. */
    private static final Set<Step> CLOSING = EnumSet.of(Step.CLOSE_STAGE, Step.UNPIN_ARRAY);

    @ParameterizedTest
    @CsvSource({"TCX, row", "TCX, generation", "CLSACT, row", "CLSACT, generation", "XDP, row", "XDP, generation"})
    void isWhollyOldOrNewWhicheverStepFails(Way of, String kind) throws Exception {
        way = of;
        begin();
        change(kind);
        List<Step> all = List.copyOf(taken);
        Held whenNew = held();
        changeBack(kind);
        Held whenOld = held();
        assertThat(all).hasSizeGreaterThan(5);

        for (int step = 0; step < all.size(); step++) {
            if (CLOSING.contains(all.get(step)) || isRefusalAmongOthers(kind, all.get(step))) {
                continue;
            }
            failing = step;
            boolean refused = changeFails(kind);
            failing = -1;
            boolean isNew = chain().equals(NEW.get(kind));
            String when = way + " " + kind + " fails at " + all.get(step) + ", step " + step + (refused ? ", thrown" : "");
            assertThat(chain()).as(when).isEqualTo(isNew ? NEW.get(kind) : OLD);
            assertThat(isNew).as(when).isEqualTo(all.get(step).ordinal() >= Step.COUNT_PACKETS.ordinal());
            assertThat(isNew && refused).as(when).isFalse();
            assertThat(lastSwap().outcome().equals("done") && lastSwap().what().contains("gamma in")).as(when).isEqualTo(isNew);
            assertThat(held().descriptors()).as(when).isEqualTo((isNew ? whenNew : whenOld).descriptors());
            assertThat(generationless(held().pins())).as(when).isEqualTo(generationless((isNew ? whenNew : whenOld).pins()));
            assertPacketsTake(chain());
            changeBack(kind);
            change(kind);
            assertThat(chain()).as("after " + when).isEqualTo(NEW.get(kind));
            changeBack(kind);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"row", "generation"})
    void isWhollyOldOrNewWhereverTheProcessEnds(String kind) throws Exception {
        begin();
        change(kind);
        List<Step> all = List.copyOf(taken);
        engine.close();
        engine = null;
        for (int step = 0; step < all.size(); step++) {
            if (isLikeTheOneBefore(all, step)) {
                continue;
            }
            String when = kind + " killed before " + all.get(step) + ", step " + step;
            assertThat(killedBefore(step, kind)).as(when).isEqualTo(KilledEngine.KILLED);
            assertThat(taken()).as(when).isIn(OLD, NEW.get(kind));
            begin();
            assertThat(chain()).as(when).isEqualTo(OLD);
            assertPacketsTake(OLD);
            try (Stream<Path> arrays = Files.list(PinRoot.of(state).arrays(Hook.TC))) {
                assertThat(arrays).hasSize(1);
            }
            engine.close();
            engine = null;
            assertThat(PinRoot.of(state).path()).doesNotExist();
        }
    }

    /** A packet of this test meets two attach points, the far end's egress and the near end's ingress: neither old and new. */
    @ParameterizedTest
    @EnumSource(names = {"TCX", "CLSACT"})
    void isWhollyOldOrNewWhereverAStartEndsThatTakesOver(Way of) throws Exception {
        way = of;
        assertThat(killedBefore(0, "row")).isEqualTo(KilledEngine.KILLED);
        List<String> left = pins();
        List<Step> all = stepsOfATakeOver();
        assertThat(all).containsOnlyOnce(Step.FLIP_PHASE);
        for (int step = 0; step < all.size(); step++) {
            if (isLikeTheOneBefore(all, step)) {
                continue;
            }
            String when = "a start killed before " + all.get(step) + ", step " + step;
            begin();
            engine.close(true);
            engine = null;
            assertThat(pins()).as(when + ": what a run that keeps leaves is what a killed one does").isEqualTo(left);
            assertThat(taken()).as(when).isEqualTo(OLD);
            assertThat(killedBefore(step, "takeover")).as(when).isEqualTo(KilledEngine.KILLED);
            assertThat(taken()).as(when).isIn(OLD, NEW.get("generation"));
            begin();
            assertPacketsTake(OLD);
            engine.close();
            engine = null;
            assertThat(PinRoot.of(state).path()).doesNotExist();
        }
    }

    /** Else the next flip, for another hook, would make it the live one. */
    @Test
    void makesThePhasesEqualThatAKilledProcessLeftDifferent() throws Exception {
        begin();
        change("row");
        int flip = taken.indexOf(Step.FLIP_PHASE);
        engine.close();
        engine = null;
        assertThat(killedBefore(flip, "row")).isEqualTo(KilledEngine.KILLED);
        assertThat(phases(0)).isNotEqualTo(phases(1));
        List<OptionalInt> live = phases(livePhase());

        HalfPhases.settle(PinRoot.of(state));

        assertThat(phases(0)).isEqualTo(live);
        assertThat(phases(1)).isEqualTo(live);
        assertPacketsTake(OLD);
    }

    private int livePhase() {
        try (BpfMap phase = BpfMap.open(PinRoot.of(state).maps().resolve(Phase.MAP))) {
            return Phase.read(phase);
        }
    }

    /** The programs of a phase's rows, in all pinned arrays. */
    private List<OptionalInt> phases(int phase) throws IOException {
        List<OptionalInt> programs = new ArrayList<>();
        for (Path pin : MapsInForce.pinsIn(PinRoot.of(state).arrays(Hook.TC))) {
            try (BpfMap array = BpfMap.open(pin)) {
                for (int row = phase; row < array.capacity(); row += PhasedArray.PHASES) {
                    programs.add(array.programId(row));
                }
            }
        }
        return programs;
    }

    private List<String> pins() throws IOException {
        return generationless(held().pins());
    }

    private List<Step> stepsOfATakeOver() throws Exception {
        taken.clear();
        begin(List.of(KilledEngine.stage("gamma", List.of())), NEAR, FAR);
        List<Step> all = List.copyOf(taken);
        engine.close();
        engine = null;
        return all;
    }

    @Test
    void leavesNothingOfAStageWhoseControlFails() throws Exception {
        begin();
        Held before = held();
        List<StageControl> controls = List.of(
                control(() -> new IOException("loaded"), null),
                control(() -> new NoClassDefFoundError("loaded"), null),
                control(null, () -> new IllegalStateException("resources")));
        for (StageControl control : controls) {
            StageDescriptor gamma = controlled(control);
            engine.offer(gamma);
            assertThat(engine.settle("test")).isEmpty();
            assertThat(engine.refusal(gamma)).isPresent();
            assertThat(chain()).isEqualTo(OLD);
            assertThat(held()).isEqualTo(before);
            engine.withdraw(gamma);
        }
        assertPacketsTake(OLD);
    }

    @Test
    void keepsTheLastGoodResourcesWhenAControlCannotBeLinked() throws Exception {
        begin();
        List<Resources> told = new ArrayList<>();
        boolean[] broken = {false};
        StageDescriptor gamma = controlled(new StageControl() {
            @Override
            public String stage() {
                return "gamma";
            }

            @Override
            public void loaded(StageContext context) {}

            @Override
            public void resources(Resources resources) {
                if (broken[0]) {
                    throw new NoClassDefFoundError("io/manx/Gone");
                }
                told.add(resources);
            }
        });
        engine.offer(gamma);
        engine.settle("test");
        Resources good = Specs.resources();
        engine.resources(good);
        broken[0] = true;
        assertThatThrownBy(() -> engine.resources(Specs.resources(Specs.without("own", List.of(THIRD), "beta"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("io/manx/Gone")
                .hasMessageContaining("the last good resources stay in force");

        broken[0] = false;
        engine.resources(Specs.resources());
        assertThat(told).hasSize(3);
        assertPacketsTake(chain());
    }

    @Test
    void goesOnWhenAControlFailsAtItsEnd() throws Exception {
        begin();
        Held before = held();
        StageDescriptor gamma = controlled(new FailingControl(null, null, () -> new NoClassDefFoundError("unloaded")));
        engine.offer(gamma);
        engine.settle("test");
        assertThat(chain()).contains("gamma");
        engine.withdraw(gamma);
        engine.settle("test");

        assertThat(chain()).isEqualTo(OLD);
        assertThat(held()).isEqualTo(before);
        assertPacketsTake(OLD);
    }

    @Test
    void leavesNothingOfAnObjectThatIsRefused() throws Exception {
        begin();
        Held before = held();
        List<StageDescriptor> bad = List.of(
                offer("none", "1.0.0", List.of(), List.of(), WhichPackets.EVERY, () -> "not an ELF".getBytes()),
                offer("wild", "1.0.0", List.of(), List.of(), WhichPackets.EVERY, compiled("wild.bpf.o")),
                offer("alpha", "2.0.0", List.of(), List.of(), WhichPackets.EVERY, compiled("wider.bpf.o")),
                offer("misnamed", "1.0.0", List.of(), List.of(), WhichPackets.EVERY, compiled("gamma.bpf.o")));
        for (StageDescriptor stage : bad) {
            engine.offer(stage);
            assertThat(engine.settle("test")).as(stage.toString()).isEmpty();
            assertThat(engine.refusal(stage)).as(stage.toString()).isPresent();
            assertThat(held()).as(stage.toString()).isEqualTo(before);
            engine.withdraw(stage);
        }
        assertThat(chain()).isEqualTo(OLD);
        assertPacketsTake(OLD);
    }

    @Test
    void keepsTheOldWhenThePinOfTheArrayIsTaken() throws Exception {
        begin();
        Held before = held();
        int next = engine.view().pipelines().get(0).generation() + 1;
        Path taken = PinRoot.of(state).arrays(Hook.TC).resolve(Integer.toString(next));
        try (BpfMap map = BpfMap.open(seen("alpha"))) {
            map.pin(taken);
        }
        assertThatThrownBy(() -> change("generation")).hasMessageContaining("pin");
        Files.delete(taken);

        assertThat(chain()).isEqualTo(OLD);
        assertThat(held()).isEqualTo(before);
        assertPacketsTake(OLD);
        engine.settle("test");
        assertThat(chain()).isEqualTo(NEW.get("generation"));
    }

    /** A refused stage doesn't keep the two that are withdrawn: that is a change of its own, to neither old nor new. */
    private static boolean isRefusalAmongOthers(String kind, Step step) {
        return kind.equals("generation") && step == Step.TELL_LOADED;
    }

    /** Of equal steps in a row the first is tried: none of them is seen by packets. */
    private static boolean isLikeTheOneBefore(List<Step> all, int step) {
        return step > 0 && all.get(step - 1) == all.get(step);
    }

    private SwapView lastSwap() {
        List<SwapView> swaps = engine.view().swaps();
        return swaps.get(swaps.size() - 1);
    }

    private int killedBefore(int step, String kind) throws Exception {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        KilledEngine.class.getName(),
                        state.toString(),
                        NEAR + "," + FAR,
                        Integer.toString(step),
                        kind,
                        way.mode().name())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }

    // ---- controls that fail

    private static StageDescriptor controlled(StageControl control) {
        StageDescriptor plain = KilledEngine.stage("gamma", List.of());
        return new StageDescriptor(
                plain.name(), plain.bundle(), plain.bundleId(), plain.version(), plain.hook(), plain.after(),
                plain.before(), plain.packets(), plain.object(), true, () -> Optional.of(control));
    }

    private static StageControl control(Supplier<Throwable> loaded, Supplier<Throwable> resources) {
        return new FailingControl(loaded, resources, null);
    }
}
