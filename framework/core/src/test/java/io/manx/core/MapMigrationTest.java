package io.manx.core;

import static io.manx.core.FlowLab.await;
import static io.manx.core.FlowLab.fill;
import static io.manx.core.FlowLab.key;
import static io.manx.core.FlowLab.put;
import static io.manx.core.FlowStages.MAP;
import static io.manx.core.FlowStages.flows;
import static io.manx.core.FlowStages.twin;
import static org.assertj.core.api.Assertions.assertThat;

import io.manx.api.stage.MapChange;
import io.manx.api.stage.MapMigration;
import io.manx.api.stage.StageContext;
import io.manx.api.stage.StageControl;
import io.manx.api.stage.StateMap;
import io.manx.core.FlowLab.Flow;
import io.manx.core.StageDescriptor.Migrate;
import io.manx.core.Steps.Step;
import io.manx.core.view.StageView;
import io.manx.libbpf.BpfMap;
import io.manx.libbpf.netlink.RtNetlink;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A stage's next version has another layout of its map: under traffic, and with the old version writing meanwhile. */
class MapMigrationTest {
    private static final int FIRST_PORT = 10_000;
    private static final int FLOWS = 20_000;

    /** Ports that no datagram of a test goes to. */
    private static final int QUIET = 40_000;

    @TempDir
    Path state;

    private final Map<Step, Runnable> at = new EnumMap<>(Step.class);
    private FlowLab lab;
    private RtNetlink network;
    private Engine engine;
    private StageDescriptor offered;

    @BeforeEach
    void start() throws Exception {
        lab = new FlowLab(state);
        network = new RtNetlink();
        engine = newEngine();
    }

    @AfterEach
    void stop() throws Exception {
        try {
            engine.close();
        } finally {
            network.close();
            lab.remove();
        }
    }

    @Test
    void refusesAnotherLayoutWithoutAMigrationAndKeepsTheMap() throws Exception {
        begin(flows(1, Migrate.NONE));
        withOld(map -> fill(map, QUIET, 3));
        Held before = lab.held();

        StageDescriptor next = flows(2, Migrate.NONE);
        assertThat(update(next)).isEmpty();

        assertThat(engine.refusal(next).orElseThrow())
                .contains("map bundle.flows/flows has another layout", "value bytes 16, now 24", "migrate=by-name");
        assertIsAsBefore(before, 3);
        assertThat(engine.check(flows(2, Migrate.NONE), false, "test").orElseThrow()).contains("has another layout");
        assertThat(engine.check(flows(2, Migrate.BY_NAME), false, "test")).isEmpty();
        assertThat(engine.check(flows(2, Migrate.BY_NAME), true, "test").orElseThrow())
                .contains("map bundle.flows/flows has another layout")
                .contains("the version before could not take the map back; update without --probation");
        assertIsAsBefore(before, 3);
    }

    @Test
    void refusesByNameWhatWouldLoseAMember() throws Exception {
        begin(flows(2, Migrate.NONE));
        StageDescriptor next = flows(1, Migrate.BY_NAME);
        assertThat(update(next)).isEmpty();
        assertThat(engine.refusal(next).orElseThrow()).contains("can't be migrated by name", "mark");
    }

    @Test
    void refusesWhenTheMigrationFailsAndKeepsTheMap() throws Exception {
        begin(flows(1, Migrate.NONE));
        withOld(map -> fill(map, QUIET, 3));
        Held before = lab.held();
        MapMigration failing = (oldKey, oldValue, newKey, newValue) -> {
            throw new NoClassDefFoundError("io/manx/Gone");
        };
        for (Control control : List.of(new Control(change -> failing), new Control(change -> {
            throw new IllegalStateException("not from " + change.before().value().name());
        }))) {
            StageDescriptor next = flows(2, control);
            assertThat(update(next)).isEmpty();
            assertThat(engine.refusal(next).orElseThrow()).containsAnyOf("its migration failed: io/manx/Gone", "not from state");
            assertIsAsBefore(before, 3);
            engine.withdraw(next);
        }
    }

    @Test
    void refusesASmallerMapThanItHolds() throws Exception {
        begin(flows(1, Migrate.NONE));
        withOld(map -> fill(map, QUIET, 5));
        Held before = lab.held();
        StageDescriptor next = flows(4, Migrate.NONE);
        assertThat(update(next)).isEmpty();

        assertThat(engine.refusal(next).orElseThrow()).contains("holds 5 entries, and the new version has room for 4");
        assertIsAsBefore(before, 5);

        withOld(map -> map.delete(key(map, QUIET)));
        engine.withdraw(next);
        engine.offer(flows(4, Migrate.NONE));
        assertThat(engine.settle("test")).isPresent();
        assertThat(lab.flows()).hasSize(4);
    }

    @Test
    void refusesWhatCameMeanwhileAndHasNoRoom() throws Exception {
        begin(flows(1, Migrate.NONE));
        withOld(map -> fill(map, QUIET, 4));
        Held before = lab.held();
        at.put(Step.CATCH_UP_MAP, () -> withOld(map -> put(map, QUIET + 9, 9, 9)));
        StageDescriptor next = flows(4, Migrate.NONE);
        assertThat(update(next)).isEmpty();
        assertThat(engine.refusal(next).orElseThrow()).contains("1 entries that came while it was copied have no room");
        assertIsAsBefore(before, 5);
    }

    @Test
    void movesAllStagesOfABundleOrNone() throws Exception {
        StageDescriptor old = flows(1, Migrate.NONE);
        StageDescriptor twin = twin(1);
        begin(old, twin);
        withOld(map -> fill(map, QUIET, 3));
        Held before = lab.held();

        engine.withdraw(old);
        StageDescriptor alone = flows(2, Migrate.BY_NAME);
        engine.offer(alone);
        assertThat(engine.settle("test")).isEmpty();
        assertThat(engine.refusal(alone).orElseThrow()).contains("twin 1.0.0", "has the old one");
        assertIsAsBefore(before, 3);

        engine.withdraw(alone);
        engine.withdraw(twin);
        engine.offer(flows(2, Migrate.BY_NAME));
        engine.offer(twin(2));
        assertThat(engine.settle("test")).isPresent();
        assertThat(running()).containsExactly("flows 2.0.0", "twin 2.0.0");
        assertThat(lab.flows()).hasSize(3);
    }

    @Test
    void tellsStagesThatCopiesMayBeBehindUntilTheyAreNot() throws Exception {
        begin(flows(1, Migrate.NONE));
        List<Boolean> told = new ArrayList<>();
        for (Step step : List.of(Step.COPY_MAP, Step.FLIP_PHASE, Step.CARRY_MAP)) {
            at.put(step, () -> told.add(lab.isCopying()));
        }
        assertThat(update(flows(2, Migrate.BY_NAME))).isPresent();
        assertThat(told).containsExactly(false, true, true);
        assertThat(lab.isCopying()).isFalse();

        at.put(Step.FLIP_PHASE, () -> {
            throw new IllegalStateException("a fault of this test's");
        });
        update(flows(4, Migrate.BY_NAME));
        assertThat(lab.isCopying()).isFalse();
    }

    @Test
    void carriesOverWhatTheOldVersionChangesMeanwhile() throws Exception {
        begin(flows(1, Migrate.NONE));
        withOld(map -> fill(map, QUIET, 10));
        at.put(Step.CATCH_UP_MAP, () -> withOld(map -> {
            put(map, QUIET, 1, 100);
            put(map, QUIET + 20, 20, 20);
            map.delete(key(map, QUIET + 1));
        }));
        at.put(Step.CARRY_MAP, () -> {
            withOld(map -> {
                put(map, QUIET, 1, 200);
                put(map, QUIET + 21, 21, 21);
                put(map, QUIET + 3, 3, 300);
                map.delete(key(map, QUIET + 2));
            });
            try (BpfMap map = BpfMap.open(lab.nextPin())) {
                put(map, QUIET + 3, 3, 333);
                put(map, QUIET + 30, 30, 30);
            }
        });
        assertThat(update(flows(2, Migrate.BY_NAME))).isPresent();

        Map<Integer, Flow> flows = lab.flows();
        assertThat(flows).hasSize(11).doesNotContainKeys(QUIET + 1, QUIET + 2);
        assertThat(flows)
                .containsEntry(QUIET, new Flow(1, 200))
                .containsEntry(QUIET + 3, new Flow(3, 333))
                .containsEntry(QUIET + 4, new Flow(QUIET + 4, 1))
                .containsEntry(QUIET + 20, new Flow(20, 20))
                .containsEntry(QUIET + 21, new Flow(21, 21))
                .containsEntry(QUIET + 30, new Flow(30, 30));
    }

    @Test
    void givesEachControlTheMapOfItsOwnLayout() throws Exception {
        Control old = new Control(change -> null);
        begin(flows(1, old));
        withOld(map -> fill(map, QUIET, 2));
        Control next = new Control(MapMigration::byName);
        next.atLoaded = () -> put(next.map(), QUIET + 1, 7, 7);
        AtomicReference<StateMap> ofTheOld = new AtomicReference<>();
        at.put(Step.CATCH_UP_MAP, () -> {
            ofTheOld.set(old.context.map("flows"));
            put((BpfMap) ofTheOld.get(), QUIET, 8, 8);
        });
        assertThat(update(flows(2, next))).isPresent();

        assertThat(ofTheOld.get().value().has("mark")).isFalse();
        assertThat(next.map().value().has("mark")).isTrue();
        assertThat(FlowLab.flows(next.map()))
                .isEqualTo(Map.of(QUIET, new Flow(8, 8), QUIET + 1, new Flow(7, 7)))
                .isEqualTo(lab.flows());
    }

    @Test
    void leavesNothingOfTheOldMap() throws Exception {
        begin(flows(1, Migrate.NONE));
        Held before = lab.held();
        int old = mapId();
        assertThat(update(flows(2, Migrate.BY_NAME))).isPresent();

        assertThat(mapId()).isNotEqualTo(old);
        assertThat(lab.held()).isEqualTo(before);
        update(flows(2, Migrate.BY_NAME));
        assertThat(lab.held()).isEqualTo(before);
    }

    @Test
    void migratesWhatAnEarlierRunHasLeft() throws Exception {
        begin(flows(1, Migrate.NONE));
        withOld(map -> fill(map, QUIET, 100));
        engine.close(true);
        engine = newEngine();
        begin(flows(2, Migrate.BY_NAME));

        assertThat(lab.flows()).hasSize(100);
        assertThat(engine.view().map(MAP).value().has("mark")).isTrue();
        assertThat(lab.nextPin()).doesNotExist();
    }

    @Test
    void keepsEveryFlowUnderTraffic() throws Exception {
        begin(flows(1, Migrate.NONE));
        lab.send(FIRST_PORT, FLOWS);
        await("every flow is known", () -> lab.flows().size() >= FLOWS);
        Map<Integer, Flow> before = lab.flows();
        AtomicBoolean ending = new AtomicBoolean();
        try (DatagramSocket socket = new DatagramSocket()) {
            Thread sender = sender(socket, ending);
            await("datagrams come", () -> total(lab.flows()) > total(before) + 1000);
            Optional<Engine.Settled> change = update(flows(2, Migrate.BY_NAME));
            long switched = total(lab.flows());
            await("the new version counts", () -> total(lab.flows()) > switched + 1000);
            ending.set(true);
            sender.join();
            System.out.printf("%d flows under traffic: prepared in %.0f ms, switched in %.1f us, %d packets lost%n",
                    FLOWS, change.orElseThrow().prepareMillis(), change.orElseThrow().switchMicros(), change.get().lost());
            assertThat(change.get().lost()).isZero();
        } finally {
            ending.set(true);
        }
        Map<Integer, Flow> after = lab.flows();
        before.forEach((port, flow) -> {
            assertThat(after.get(port).firstNanos()).as("flow %d began", port).isEqualTo(flow.firstNanos());
            assertThat(after.get(port).packets()).as("packets of flow %d", port).isGreaterThanOrEqualTo(flow.packets());
        });
    }

    @Test
    void growsUnderTraffic() throws Exception {
        begin(flows(1, Migrate.NONE));
        lab.send(FIRST_PORT, 100);
        withOld(map -> fill(map, FIRST_PORT + 100, 50_000));
        await("every flow is known", () -> lab.flows().size() >= 50_100);
        Map<Integer, Flow> before = lab.flows();
        AtomicBoolean ending = new AtomicBoolean();
        try (DatagramSocket socket = new DatagramSocket()) {
            Thread sender = sender(socket, ending);
            Optional<Engine.Settled> change = update(flows(3, Migrate.NONE));
            ending.set(true);
            sender.join();
            System.out.printf("from 65,536 to 524,288 entries under traffic: prepared in %.0f ms, switched in %.1f us%n",
                    change.orElseThrow().prepareMillis(), change.get().switchMicros());
        } finally {
            ending.set(true);
        }
        assertThat(engine.view().map(MAP).capacity()).isEqualTo(524_288);
        Map<Integer, Flow> after = lab.flows();
        before.forEach((port, flow) ->
                assertThat(after.get(port).firstNanos()).as("flow %d began", port).isEqualTo(flow.firstNanos()));

        assertThat(update(flows(1, Migrate.NONE))).isPresent();
        assertThat(engine.view().map(MAP).capacity()).isEqualTo(65_536);
        assertThat(lab.flows()).hasSameSizeAs(after);
    }

    // ---- the lab

    private Engine newEngine() {
        return new Engine(new Engine.Options(state, AttachMode.AUTO, Set.of(lab.near())), network, this::step);
    }

    /** What a test wants done then, once. */
    private void step(Step step) {
        Runnable task = at.remove(step);
        if (task != null) {
            task.run();
        }
    }

    private void begin(StageDescriptor... stages) {
        Stream.of(stages).forEach(engine::offer);
        engine.start();
        offered = stages[0];
    }

    private Optional<Engine.Settled> update(StageDescriptor next) {
        engine.withdraw(offered);
        engine.offer(next);
        offered = next;
        return engine.settle("test");
    }

    private List<String> running() {
        return engine.view().stages().stream()
                .filter(stage -> stage.programId() != 0)
                .map(stage -> stage.name() + " " + stage.version())
                .toList();
    }

    private void assertIsAsBefore(Held before, int flows) throws IOException {
        assertThat(lab.held()).isEqualTo(before);
        assertThat(lab.flows()).hasSize(flows);
        assertThat(running()).contains("flows 1.0.0");
        assertThat(engine.view().stages()).extracting(StageView::state).contains("held");
        assertThat(engine.view().map(MAP).value().has("mark")).isFalse();
    }

    private int mapId() {
        return engine.view().maps().stream().filter(map -> map.name().equals(MAP)).findFirst().orElseThrow().id();
    }

    private void withOld(java.util.function.Consumer<BpfMap> task) {
        try (BpfMap map = BpfMap.open(lab.pin())) {
            task.accept(map);
        }
    }

    private static long total(Map<Integer, Flow> flows) {
        return flows.values().stream().mapToLong(Flow::packets).sum();
    }

    private Thread sender(DatagramSocket socket, AtomicBoolean ending) throws IOException {
        InetAddress all = lab.everybody();
        Thread sender = new Thread(() -> {
            try {
                for (int i = 0; !ending.get(); i++) {
                    socket.send(new DatagramPacket(new byte[16], 16, all, FIRST_PORT + i % FLOWS));
                }
            } catch (IOException e) {
                throw new java.io.UncheckedIOException("sending to " + all, e);
            }
        });
        sender.start();
        return sender;
    }

    /** Says what a test has it say. */
    private static final class Control implements StageControl {
        interface Choice {
            MapMigration of(MapChange change);
        }

        private final Choice choice;
        private Runnable atLoaded = () -> {};
        private StageContext context;

        Control(Choice choice) {
            this.choice = choice;
        }

        BpfMap map() {
            return (BpfMap) context.map("flows");
        }

        @Override
        public String stage() {
            return "flows";
        }

        @Override
        public Optional<MapMigration> migration(MapChange change) {
            return Optional.ofNullable(choice.of(change));
        }

        @Override
        public void loaded(StageContext stageContext) {
            context = stageContext;
            atLoaded.run();
        }
    }
}
