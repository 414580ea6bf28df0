package io.manx.libbpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RingBufferTest {
    private static final int TC_ACT_OK = 0;
    private static final int TC_ACT_SHOT = 2;

    private final BpfObject object = Objects.load("events.bpf.o");
    private final BpfProgram report = object.program("report");
    private final RingBuffer events = RingBuffer.open(object.map("events"));

    @AfterEach
    void close() {
        events.close();
        object.close();
    }

    @Test
    void refusesAMapThatIsNone() {
        assertThatThrownBy(() -> RingBuffer.open(object.map("number")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("map number is no ring buffer but ARRAY");
    }

    @Test
    void refusesToReadAfterItsClose() {
        events.close();
        events.close();

        assertThatThrownBy(() -> events.poll(event -> {})).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> events.await(Duration.ZERO)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void isEmptyBeforeTheFirstEvent() {
        assertThat(events.poll(event -> {})).isZero();
        assertThat(events.await(Duration.ofMillis(1))).isFalse();
    }

    @Test
    void readsEventsInTheirOrderRoundAndRound() {
        List<Long> numbers = new ArrayList<>();
        for (int round = 0; round < 50; round++) {
            assertThat(report.run(Objects.PACKET, 100).returned()).isEqualTo(TC_ACT_OK);
            int read = events.poll(event -> {
                assertThat(event.remaining()).isEqualTo(16);
                assertThat(event.getInt(8)).isEqualTo(64);
                numbers.add(event.getLong(0));
            });
            assertThat(read).isEqualTo(100);
        }

        assertThat(numbers).hasSize(5000).isSorted().startsWith(1L).endsWith(5000L);
    }

    @Test
    void leavesOutWhatTheProgramDiscarded() {
        report.run(new byte[14]);
        report.run(Objects.PACKET);

        List<Long> numbers = new ArrayList<>();
        assertThat(events.poll(event -> numbers.add(event.getLong(0)))).isEqualTo(1);
        assertThat(numbers).containsExactly(2L);
    }

    @Test
    void makesRoomByReading() {
        assertThat(report.run(Objects.PACKET, 1000).returned()).isEqualTo(TC_ACT_SHOT);
        assertThat(events.poll(event -> {})).isEqualTo(4096 / 24);
        assertThat(report.run(Objects.PACKET).returned()).isEqualTo(TC_ACT_OK);
    }

    @Test
    void wakesUpForAnEvent() {
        CompletableFuture<Boolean> woken = CompletableFuture.supplyAsync(() -> events.await(Duration.ofSeconds(60)));
        report.run(Objects.PACKET);

        assertThat(woken.join()).isTrue();
    }

    @Test
    void countsAnEventItsVisitorFailsOnAsRead() {
        report.run(Objects.PACKET, 2);

        assertThatThrownBy(() -> events.poll(event -> {
                    throw new IllegalStateException("visitor");
                }))
                .hasMessage("visitor");
        assertThat(events.poll(event -> {})).isEqualTo(1);
    }
}
