package io.manx.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SlotTableTest {
    @TempDir
    Path state;

    @Test
    void refusesWhenEverySlotIsInUse() {
        SlotTable slots = table(1, 2);
        slots.slotOf("a", Set.of());
        slots.slotOf("b", Set.of("a"));

        assertThatThrownBy(() -> slots.slotOf("c", Set.of("a", "b")))
                .hasMessage("every slot from 1 to 2 is in use");
    }

    @Test
    void keepsSlotsAcrossRestarts() {
        int policy = table(1, 30).slotOf("policy", Set.of());
        table(1, 30).slotOf("nat", Set.of());

        assertThat(table(1, 30).slotOf("policy", Set.of())).isEqualTo(policy);
        assertThat(table(1, 30).stageOf(policy)).contains("policy");
    }

    @Test
    void givesAwayTheSlotOfAStageThatIsGoneOnlyAtLast() {
        SlotTable slots = table(1, 2);
        slots.slotOf("gone", Set.of());
        assertThat(slots.slotOf("next", Set.of())).isEqualTo(2);
        assertThat(slots.slotOf("third", Set.of("next"))).isEqualTo(1);
    }

    private SlotTable table(int first, int last) {
        return new SlotTable(state.resolve("slots"), first, last);
    }
}
