package io.manx.core;

import static io.manx.core.Offers.compiled;
import static io.manx.core.Offers.offer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Which stages the packets of each lane pass, and where they are counted: on a veth's entry, run in the kernel. */
class LanesTest extends OnVeth {
    private static final int PASSED = -1;
    private static final int DROPPED = 2;

    private final StageDescriptor split = stage("split", "1.0.0", List.of(), WhichPackets.EVERY);
    private final StageDescriptor beta = stage("beta", "1.0.0", List.of("split"), WhichPackets.FIRST);
    private final StageDescriptor gamma = stage("gamma", "1.0.0", List.of("beta"), WhichPackets.TRANSLATED);
    private final StageDescriptor alpha = stage("alpha", "1.0.0", List.of("gamma"), WhichPackets.EVERY);

    LanesTest() {
        super("l");
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
        assertThat(counts(pipeline().lanes().first())).containsExactly("split 2", "beta 2");
        assertThat(counts(pipeline().lanes().translated())).containsExactly("split 0");
    }

    @Test
    void sendsThePacketsOfEachLaneThroughItsStages() {
        begin(split, beta, gamma, alpha);
        sendOneTwoAndThree();

        assertThat(counts(pipeline().lanes().first())).containsExactly("split 1", "beta 1", "gamma 1", "alpha 1");
        assertThat(counts(pipeline().lanes().established())).containsExactly("split 2", "alpha 2");
        assertThat(counts(pipeline().lanes().translated())).containsExactly("split 3", "gamma 3", "alpha 3");
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

        assertThat(counts(pipeline().lanes().established())).containsExactly("split 4");
        assertThat(counts(pipeline().lanes().translated())).containsExactlyInAnyOrder("split 6", "gamma 6", "alpha 6");
        assertThat(List.of(seen("beta"), seen("gamma"), seen("alpha"))).containsExactly(2L, 8L, 10L);
    }

    private static StageDescriptor stage(String name, String version, List<String> after, WhichPackets packets) {
        return offer(name, version, after, List.of(), packets, compiled(name + ".bpf.o"));
    }

    private void sendOneTwoAndThree() {
        for (Lane lane : Lane.values()) {
            assertThat(send(lane.ordinal(), lane.ordinal() + 1)).isEqualTo(PASSED);
        }
    }
}
