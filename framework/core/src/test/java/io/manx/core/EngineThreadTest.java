package io.manx.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class EngineThreadTest {
    private final EngineThread thread = new EngineThread();
    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicInteger tooLate = new AtomicInteger();

    private void look() {
        if (over.get()) {
            tooLate.incrementAndGet();
        }
    }

    /** What a test once saw: the maps were closed, and the attachments looked after once more. */
    @Test
    void nothingComesAfterTheLastTask() throws InterruptedException {
        thread.every(Duration.ofMillis(1), "looking", this::look);
        thread.later(Duration.ofMillis(20), "looking once", this::look);
        thread.last(() -> over.set(true));
        Thread.sleep(60);
        assertThat(tooLate).hasValue(0);
        assertThatThrownBy(() -> thread.run(() -> {})).isInstanceOf(RejectedExecutionException.class);
    }

    @Test
    void theLastTaskIsTheLastAlsoWhereItFails() {
        assertThatThrownBy(() -> thread.last(() -> {
                    throw new IllegalStateException("no pins");
                }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("no pins");
        assertThatThrownBy(() -> thread.run(() -> {})).isInstanceOf(RejectedExecutionException.class);
    }
}
