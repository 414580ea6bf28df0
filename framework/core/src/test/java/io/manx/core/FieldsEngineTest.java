package io.manx.core;

import static io.manx.core.Offers.compiled;
import static io.manx.core.Offers.offer;
import static org.assertj.core.api.Assertions.assertThat;

import io.manx.api.stage.StageContext;
import io.manx.api.stage.StageControl;
import io.manx.core.view.PositionView;
import io.manx.core.view.StageView;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The contract of the note in the kernel, with objects compiled for this test. */
class FieldsEngineTest extends OnVeth {
    private final StageDescriptor alpha = stage("alpha", "1.0.0", "alpha");
    private final StageDescriptor classify = stage("classify", "1.0.0", "classify");
    private final StageDescriptor billing = stage("billing", "1.0.0", "billing");

    FieldsEngineTest() {
        super("n");
    }

    @Test
    void refusesAnObjectWhoseNoteHasAnotherField() {
        assertThat(refusal(stage("longer-note", "1.0.0", "longer_note"))).contains("bundle.longer-note")
                .contains("its note has a field hour at byte 124 (1 bytes) that the one in force lacks")
                .contains("build it with this Manx's headers");
    }

    @Test
    void refusesAnObjectWhoseNoteIsOfAnotherNumber() {
        assertThat(refusal(stage("later-abi", "1.0.0", "later_abi")))
                .contains("its note is of ABI 4, the one in force of ABI 3");
    }

    @Test
    void keepsAReaderWaitingUntilItsWriterComes() {
        begin(alpha, billing);
        assertThat(chain()).containsExactly("alpha");
        assertThat(view("billing").state()).isEqualTo("waiting");
        assertThat(why("billing")).containsExactly("billing (bundle bundle.billing) requires the note's field tenant"
                + " (__u32, 4 bytes), which no stage publishes");

        settle(classify);

        assertThat(chain()).containsExactly("alpha", "classify", "billing");
        assertThat(view("classify").publishes()).containsExactly("__u32 tenant", "struct tag tag");
        assertThat(view("billing").requires()).containsExactly("__u32 tenant");
        assertThat(why("billing")).containsExactly("after classify (it requires its field tenant)");
    }

    @Test
    void keepsTheWriterWhoseNextVersionNobodyCouldRead() {
        begin(classify, billing);
        StageDescriptor wide = stage("classify", "2.0.0", "classify_wide");
        engine.withdraw(classify);

        settle(wide);

        assertThat(chain()).containsExactly("classify", "billing");
        assertThat(engine.view().stages()).extracting(StageView::state).containsExactly("running", "held", "waiting");
        assertThat(engine.whyNeeded(Set.of(classify))).hasValueSatisfying(why ->
                assertThat(why).contains("billing (bundle bundle.billing) requires the note's field tenant"));

        engine.withdraw(billing);
        engine.settle("test");
        assertThat(view("classify").version()).isEqualTo("2.0.0");
        assertThat(chain()).containsExactly("classify");
    }

    @Test
    void routesAroundAnIdleWriterOnlyWhileNobodyReads() {
        StageDescriptor idle = idle("classify", "classify");
        begin(alpha, idle);
        assertThat(chain()).containsExactly("alpha");
        assertThat(view("classify").state()).isEqualTo("idle");

        settle(billing);
        assertThat(chain()).containsExactly("alpha", "classify", "billing");
        assertThat(view("classify").state()).isEqualTo("running");

        engine.withdraw(billing);
        engine.settle("test");
        assertThat(chain()).containsExactly("alpha");
    }

    // ---- the stages

    private void settle(StageDescriptor stage) {
        engine.offer(stage);
        engine.settle("test");
    }

    private String refusal(StageDescriptor stage) {
        begin(alpha);
        settle(stage);
        assertThat(chain()).containsExactly("alpha");
        return engine.refusal(stage).orElseThrow();
    }

    private StageView view(String name) {
        return engine.view().stages().stream().filter(stage -> stage.name().equals(name)).findFirst().orElseThrow();
    }

    private List<String> why(String name) {
        return engine.view().positions().stream()
                .filter(position -> position.stage().equals(name))
                .map(PositionView::reasons)
                .findFirst()
                .orElseThrow()
                .stream()
                .filter(reason -> !reason.contains("by name"))
                .toList();
    }

    private static StageDescriptor stage(String name, String version, String object) {
        return offer(name, version, List.of(), List.of(), WhichPackets.EVERY, compiled(object + ".bpf.o"));
    }

    /** One whose control has no work for it. */
    private static StageDescriptor idle(String name, String object) {
        StageControl control = new StageControl() {
            @Override
            public String stage() {
                return name;
            }

            @Override
            public void loaded(StageContext context) {
                context.idle(true);
            }
        };
        return new StageDescriptor(
                name, "bundle." + name, 1, Version.parse("1.0.0"), Hook.TC, List.of(), List.of(), WhichPackets.EVERY,
                compiled(object + ".bpf.o"), true, () -> Optional.of(control));
    }
}
