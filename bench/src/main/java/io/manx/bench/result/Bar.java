package io.manx.bench.result;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.List;
import java.util.Optional;

/**
 * What a ratio of two series, or one series, must not exceed or fall below. The list is the one of the project's goals:
 * each is judged by rounds in which both sides were measured one right after the other.
 *
 * @param atMost else at least
 * @param against empty: the figure itself is judged
 */
public record Bar(String what, boolean atMost, double limit, Side of, Optional<Side> against) {

    public record Side(String suite, String what, String variant) {}

    /**
     * A bar and what was reached.
     *
     * @param bar in words: {@code at most 1.3}
     * @param reached the median over the rounds
     * @param low the first quartile
     * @param high the third
     * @param met by the median
     * @param clear both quartiles lie on the median's side of the bar: another run would hardly say otherwise
     * @param sides what was divided by what
     */
    public record Judged(
            String what, String bar, double reached, double low, double high, boolean met, boolean clear, String sides) {

        /** In words. */
        @JsonIgnore
        public String verdict() {
            return (met ? "met" : "missed") + (clear ? "" : ", within the spread");
        }
    }

    static Bar ratio(String what, boolean atMost, double limit, String suite, String suiteCase, String of, String against) {
        return new Bar(what, atMost, limit, new Side(suite, suiteCase, of), Optional.of(new Side(suite, suiteCase, against)));
    }

    static Bar figure(String what, double limit, String suite, String suiteCase, String of) {
        return new Bar(what, true, limit, new Side(suite, suiteCase, of), Optional.empty());
    }

    /** Empty where one of its sides was not measured. */
    Optional<Judged> judge(List<Series> all) {
        Optional<Series> mine = series(all, of);
        Optional<Series> theirs = against.flatMap(side -> series(all, side));
        if (mine.isEmpty() || against.isPresent() && theirs.isEmpty()) {
            return Optional.empty();
        }
        List<Double> reached = Results.netOf(all, mine.get());
        if (theirs.isPresent()) {
            reached = Results.ratios(reached, Results.netOf(all, theirs.get()));
        }
        Spread spread = Spread.of(reached);
        boolean met = keeps(spread.median());
        boolean clear = keeps(spread.low()) == met && keeps(spread.high()) == met;
        String sides = mine.get().what() + ": " + of.variant() + against.map(side -> " / " + side.variant()).orElse("");
        return Optional.of(new Judged(
                what, (atMost ? "at most " : "at least ") + limit + (against.isPresent() ? "" : " " + mine.get().unit()),
                spread.median(), spread.low(), spread.high(), met, clear, sides));
    }

    private boolean keeps(double value) {
        return atMost ? value <= limit : value >= limit;
    }

    private static Optional<Series> series(List<Series> all, Side side) {
        return Results.find(all, side.suite(), side.what(), side.variant());
    }
}
