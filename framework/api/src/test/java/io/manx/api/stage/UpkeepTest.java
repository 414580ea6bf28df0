package io.manx.api.stage;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class UpkeepTest {
    private static final Duration PAUSE = Duration.ofMillis(1);
    private static final String FAILURE = "it grows full";

    private final List<String> warnings = new CopyOnWriteArrayList<>();
    private final BlockingQueue<Integer> turns = new LinkedBlockingQueue<>();
    private Upkeep upkeep;

    private void begin(Upkeep.Turn turn) {
        AtomicInteger number = new AtomicInteger();
        upkeep = new Upkeep("upkeep", PAUSE, self -> {
            turns.add(number.incrementAndGet());
            turn.take(self);
        }, FAILURE, (text, failure) -> warnings.add(text + ": " + failure.getMessage()));
    }

    @AfterEach
    void close() {
        upkeep.close();
    }

    /** Until its turn of this number has begun: the one before has ended then. */
    private void await(int number) throws InterruptedException {
        Integer turn;
        do {
            turn = turns.poll(10, TimeUnit.SECONDS);
            assertThat(turn).as("a turn").isNotNull();
        } while (turn < number);
    }

    @Test
    void tellsOfAFailureThatLastsOnce() throws InterruptedException {
        begin(self -> {
            throw new IllegalStateException("refused");
        });
        await(5);
        assertThat(warnings).containsExactly("it grows full: refused");
    }

    @Test
    void tellsOfAFailureAgainWhenATurnWentWellMeanwhile() throws InterruptedException {
        AtomicInteger number = new AtomicInteger();
        begin(self -> {
            if (number.incrementAndGet() != 3) {
                throw new NoClassDefFoundError("turn " + number);
            }
        });
        await(6);
        assertThat(warnings).containsExactly("it grows full: turn 1", "it grows full: turn 4");
    }

    @Test
    void closesOnceTheTurnUnderWayHasEnded() throws InterruptedException {
        AtomicInteger ended = new AtomicInteger();
        begin(self -> {
            while (!self.isClosed()) {
                Thread.sleep(1);
            }
            Thread.sleep(20);
            ended.incrementAndGet();
        });
        await(1);

        upkeep.close();

        assertThat(ended).as("turns that ended").hasValue(1);
        Thread.sleep(20 * PAUSE.toMillis());
        assertThat(turns).as("turns after it").isEmpty();
        assertThat(warnings).isEmpty();
    }
}
