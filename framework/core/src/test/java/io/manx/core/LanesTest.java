package io.manx.core;

import static io.manx.core.EngineTest.ip;
import static io.manx.core.Offers.compiled;
import static io.manx.core.Offers.offer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.manx.core.view.PipelineView.Lanes;
import io.manx.core.view.PipelineView.StageRow;
import io.manx.libbpf.BpfProgram;
import io.manx.libbpf.netlink.RtNetlink;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which stages the packets of each lane pass, and where they are counted: on a veth's entry, run in the kernel. */
class LanesTest {
    private static final String INTERFACE = OwnNames.of("l");
    private static final int LAST_BYTE_OF_MAC = 5;
    private static final int PASSED = -1;
    private static final int DROPPED = 2;

    private final StageDescriptor split = stage("split", "1.0.0", List.of(), WhichPackets.EVERY);
    private final StageDescriptor beta = stage("beta", "1.0.0", List.of("split"), WhichPackets.FIRST);
    private final StageDescriptor gamma = stage("gamma", "1.0.0", List.of("beta"), WhichPackets.TRANSLATED);
    private final StageDescriptor alpha = stage("alpha", "1.0.0", List.of("gamma"), WhichPackets.EVERY);

    @TempDir
    Path state;

    private RtNetlink network;
    private Engine engine;

    @BeforeEach
    void start() throws Exception {
        ip("link", "delete", INTERFACE);
        assertThat(ip("link", "add", INTERFACE, "type", "veth", "peer", "name", INTERFACE + "p")).isZero();
        network = new RtNetlink();
        engine = new Engine(new Engine.Options(state, AttachMode.AUTO, Set.of(INTERFACE)), network);
    }

    @AfterEach
    void stop() throws Exception {
        engine.close();
        network.close();
        ip("link", "delete", INTERFACE);
    }

    @Test
    void knowsTheLanesThatTheKernelKnows() {
        Map<String, Long> lanes = EntryPrograms.spec("entry.bpf.o").btf().enumeration("lane");

        assertThat(lanes).hasSize(Lane.values().length + 1).contains(entry("LANES", (long) Lane.values().length));
        for (Lane lane : Lane.values()) {
            assertThat(lanes).containsEntry("LANE_" + lane, (long) lane.ordinal());
        }
    }

    @Test
    void dropsWhatLeavesTheFirstLaneInAStageThatDoesNotSaySo() {
        begin(stage("unsaid", "1.0.0", List.of(), WhichPackets.EVERY), stage("alpha", "1.0.0", List.of("unsaid"), WhichPackets.EVERY));

        assertThat(send(Lane.ESTABLISHED.ordinal(), 1)).isEqualTo(DROPPED);
        assertThat(send(Lane.TRANSLATED.ordinal(), 1)).isEqualTo(DROPPED);
        assertThat(send(Lane.FIRST.ordinal(), 1)).isEqualTo(PASSED);
        assertThat(engine.view().drops()).extracting(drop -> drop.stage() + " " + drop.reason() + " " + drop.packets())
                .containsExactly("unsaid empty-slot 2");
    }

    @Test
    void takesALaneThatIsNoneForTheFirst() {
        begin(split, beta);

        assertThat(send(Lane.values().length, 1)).isEqualTo(PASSED);
        assertThat(send(0xff, 1)).isEqualTo(PASSED);
        assertThat(counts(lanes().first())).containsExactly("split 2", "beta 2");
        assertThat(counts(lanes().translated())).containsExactly("split 0");
    }

    @Test
    void sendsThePacketsOfEachLaneThroughItsStages() {
        begin(split, beta, gamma, alpha);
        sendOneTwoAndThree();

        assertThat(counts(lanes().first())).containsExactly("split 1", "beta 1", "gamma 1", "alpha 1");
        assertThat(counts(lanes().established())).containsExactly("split 2", "alpha 2");
        assertThat(counts(lanes().translated())).containsExactly("split 3", "gamma 3", "alpha 3");
        assertThat(List.of(seen("beta"), seen("gamma"), seen("alpha"))).as("by the stages' own maps").containsExactly(1L, 4L, 6L);
        assertThat(engine.view().stages()).extracting(stage -> stage.name() + " " + stage.packets())
                .containsExactly("alpha every", "beta first", "gamma translated", "split every");
    }

    @Test
    void keepsWhatALaneHasCountedWhenItsStagesChange() {
        begin(split, beta, gamma, alpha);
        sendOneTwoAndThree();

        engine.withdraw(alpha);
        engine.offer(stage("alpha", "2.0.0", List.of("split"), WhichPackets.TRANSLATED));
        engine.settle("test").orElseThrow();
        sendOneTwoAndThree();

        assertThat(counts(lanes().established())).containsExactly("split 4");
        assertThat(counts(lanes().translated())).containsExactlyInAnyOrder("split 6", "gamma 6", "alpha 6");
        assertThat(List.of(seen("beta"), seen("gamma"), seen("alpha"))).containsExactly(2L, 8L, 10L);
    }

    private void begin(StageDescriptor... stages) {
        Stream.of(stages).forEach(engine::offer);
        engine.start();
    }

    private static StageDescriptor stage(String name, String version, List<String> after, WhichPackets packets) {
        return offer(name, version, after, List.of(), packets, compiled(name + ".bpf.o"));
    }

    private void sendOneTwoAndThree() {
        for (Lane lane : Lane.values()) {
            assertThat(send(lane.ordinal(), lane.ordinal() + 1)).isEqualTo(PASSED);
        }
    }

    /** @return what became of the last of so many packets */
    private int send(int lane, int packets) {
        int id = engine.view().programs().stream()
                .filter(program -> program.stage().equals("entry " + INTERFACE + " tc-ingress"))
                .findFirst()
                .orElseThrow()
                .id();
        byte[] packet = new byte[64];
        packet[LAST_BYTE_OF_MAC] = (byte) lane;
        try (BpfProgram entry = BpfProgram.byId(id)) {
            return entry.run(packet, packets).returned();
        }
    }

    private Lanes lanes() {
        return engine.view().pipelines().stream()
                .filter(pipeline -> pipeline.hook().equals("tc-ingress"))
                .findFirst()
                .orElseThrow()
                .lanes();
    }

    private static List<String> counts(List<StageRow> lane) {
        return lane.stream().map(row -> row.name() + " " + row.packets()).toList();
    }

    private long seen(String stage) {
        var map = engine.view().map("bundle." + stage + "/seen");
        return map.get(map.key().allocate()).orElseThrow().getLong(0);
    }
}
