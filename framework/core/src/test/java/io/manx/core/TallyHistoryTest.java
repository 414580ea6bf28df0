package io.manx.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.manx.core.Tally.Drop;
import io.manx.core.Tally.Place;
import io.manx.core.Tally.Stage;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TallyHistoryTest {
    private static final Stage POLICY = new Stage(Hook.TC, "policy");
    private static final Place CLIENT = new Place(1, POLICY);
    private static final Place SERVER = new Place(2, POLICY);

    private final TallyHistory history = new TallyHistory();

    private static Tally tally(long seconds, String version, Map<Place, Long> packets, Map<Drop, Long> drops) {
        return new Tally(seconds * 1_000_000_000, packets, drops, Map.of(POLICY, Version.parse(version)));
    }

    @Test
    void sumsWhatAStageCountedAtEachInterface() {
        history.add(tally(0, "1.0.0", Map.of(CLIENT, 5L), Map.of()));
        Tally now = tally(20, "1.0.0", Map.of(CLIENT, 105L, SERVER, 50L, new Place(1, new Stage(Hook.XDP, "policy")), 9L),
                Map.of(new Drop(CLIENT, "policy-deny"), 3L, new Drop(SERVER, "policy-deny"), 4L));

        assertThat(history.until(now, POLICY))
                .isEqualTo(new Window(Duration.ofSeconds(20), 150, Map.of("policy-deny", 7L)));
    }

    @Test
    void countsFromZeroWhereAnInterfaceCameAgain() {
        history.add(tally(0, "1.0.0", Map.of(CLIENT, 500L), Map.of(new Drop(CLIENT, "policy-deny"), 9L)));
        Tally now = tally(10, "1.0.0", Map.of(CLIENT, 20L), Map.of(new Drop(CLIENT, "policy-deny"), 2L));

        assertThat(history.until(now, POLICY))
                .isEqualTo(new Window(Duration.ofSeconds(10), 20, Map.of("policy-deny", 2L)));
    }

    @Test
    void goesBackAMinuteAtTheMost() {
        for (int i = 0; i <= 20; i++) {
            history.add(tally(10 * i, "1.0.0", Map.of(CLIENT, 100L * i), Map.of()));
        }

        assertThat(history.until(tally(205, "1.0.0", Map.of(CLIENT, 2_050L), Map.of()), POLICY))
                .isEqualTo(new Window(Duration.ofSeconds(65), 650, Map.of()));
    }

    @Test
    void leavesOutWhatAnEarlierVersionDid() {
        history.add(tally(0, "0.9.0", Map.of(CLIENT, 0L), Map.of()));
        history.add(tally(10, "1.0.0", Map.of(CLIENT, 1_000L), Map.of()));

        assertThat(history.until(tally(15, "1.0.0", Map.of(CLIENT, 1_050L), Map.of()), POLICY))
                .isEqualTo(new Window(Duration.ofSeconds(5), 50, Map.of()));
    }

    @Test
    void remembersAStageThatPacketsAreRoutedAround() {
        history.add(tally(0, "1.0.0", Map.of(CLIENT, 1_000L), Map.of()));
        history.add(history.complete(tally(10, "1.0.0", Map.of(), Map.of())));

        assertThat(history.until(tally(20, "1.0.0", Map.of(CLIENT, 1_010L), Map.of()), POLICY).packets()).isEqualTo(10);
    }

    @Test
    void isDueEveryTenSeconds() {
        assertThat(history.isDue(5)).isTrue();
        history.add(tally(0, "1.0.0", Map.of(), Map.of()));
        assertThat(history.isDue(9_999_999_999L)).isFalse();
        assertThat(history.isDue(10_000_000_000L)).isTrue();
    }
}
