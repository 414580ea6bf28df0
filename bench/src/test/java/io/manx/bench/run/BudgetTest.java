package io.manx.bench.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.manx.bench.result.Series.Better;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;
import org.junit.jupiter.api.Test;

class BudgetTest {
    private static final String EMPTY = "";

    private long nanos;
    private final Budget budget = new Budget(100, () -> nanos);

    @Test
    void leavesLaterSuitesWhatAnEarlierOneDidNotUse() {
        budget.begin(50, 100);
        seconds(10);
        budget.begin(25, 50);

        seconds(44);
        assertThat(budget.isOver()).isFalse();
        seconds(2);
        assertThat(budget.isOver()).isTrue();
    }

    @Test
    void takesFromLaterSuitesWhatAnEarlierOneUsedTooMuch() {
        budget.begin(50, 100);
        seconds(98);
        budget.begin(50, 50);
        seconds(3);

        assertThat(budget.isOver()).isTrue();
    }

    @Test
    void makesFewerRoundsWhenLateAndLeavesCasesOutWhenOver() throws Exception {
        Bench bench = new Bench(Effort.QUICK, 1, new Progress(new PrintStream(new ByteArrayOutputStream())), budget);
        budget.begin(100, 100);

        assertThat(rounds(bench, "in time", 1)).isEqualTo(Effort.QUICK.rounds());
        seconds(60);
        assertThat(rounds(bench, "late", 1)).isBetween(Effort.LEAST_ROUNDS, Effort.QUICK.rounds() - 1);
        seconds(30);
        assertThat(rounds(bench, "over", 1)).isZero();
        assertThat(bench.series()).extracting(series -> series.what()).containsExactly("in time", "late");
        assertThat(bench.notes()).hasSize(2).anyMatch(note -> note.contains("over: left out"))
                .anyMatch(note -> note.contains("late: ") && note.contains("to end in time"));
    }

    @Test
    void putsSamplesOfAllPassesInOneSeries() throws Exception {
        Bench bench = new Bench(Effort.QUICK, 1, new Progress(new PrintStream(new ByteArrayOutputStream())), budget);

        bench.inPasses(3, () -> {
            rounds(bench, "first", 0);
            rounds(bench, "second", 0);
        });

        assertThat(bench.series()).extracting(series -> series.what()).containsExactly("first", "second");
        assertThat(bench.series()).allSatisfy(series -> assertThat(series.samples()).hasSize(Effort.QUICK.rounds()));
    }

    /** @param each seconds that a sample takes */
    private int rounds(Bench bench, String what, int each) throws Exception {
        return bench.measure("programs", what, "ns", Better.LESS, EMPTY, List.of(new Variant("one", () -> {
            seconds(each);
            return 1;
        })));
    }

    private void seconds(long more) {
        nanos += more * 1_000_000_000L;
    }
}
