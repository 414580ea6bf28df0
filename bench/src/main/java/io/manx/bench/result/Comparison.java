package io.manx.bench.result;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Two runs, series by series.
 *
 * @param onlyInOne keys of series that the other run lacks
 */
public record Comparison(List<Change> changes, List<String> onlyInOne) {
    /** Differences that are rarer by chance than this, and that anyone would care about. */
    private static final double CHANCE = 0.01;
    private static final double LEAST = 0.03;

    /** The variant that each suite's others are divided by: what moves it is the machine, so it is never judged itself. */
    private static final Map<String, String> YARDSTICK = Map.of("programs", "monolith", "paths", "plain");

    /**
     * @param unit of before and after: the series' own, or {@code x monolith}
     * @param relative 0.1: a tenth more than before
     * @param chance that samples of one and the same thing differ so much (Mann-Whitney, two-sided)
     */
    public record Change(
            String key, String unit, double before, double after, double relative, double chance, boolean better, boolean beyondNoise) {}

    public static Comparison of(Results before, Results after) {
        List<Change> changes = new ArrayList<>();
        List<String> alone = new ArrayList<>();
        for (Series old : before.series()) {
            if (isFloor(before, old)) {
                continue;
            }
            Optional<Series> now = after.find(old.suite(), old.what(), old.variant());
            now.ifPresentOrElse(series -> changes.add(change(before, old, after, series)), () -> alone.add(old.key()));
        }
        after.series().stream()
                .filter(series -> before.find(series.suite(), series.what(), series.variant()).isEmpty())
                .forEach(series -> alone.add(series.key()));
        return new Comparison(changes, alone);
    }

    /** What is subtracted from others is nobody's cost. */
    private static boolean isFloor(Results run, Series series) {
        return run.of(series.suite(), series.what()).stream().anyMatch(each -> each.floor().equals(series.variant()));
    }

    private static Change change(Results before, Series old, Results after, Series now) {
        Optional<String> yardstick = yardstick(before, old).filter(name -> yardstick(after, now).isPresent());
        List<Double> then = samples(before, old, yardstick);
        List<Double> today = samples(after, now, yardstick);
        double from = Spread.of(then).median();
        double to = Spread.of(today).median();
        double relative = (to - from) / Math.abs(from);
        double chance = MannWhitney.chance(then, today);
        boolean better = old.better() == Series.Better.LESS ? to < from : to > from;
        String unit = yardstick.map(name -> "x " + name).orElse(old.unit());
        return new Change(
                old.key(), unit, from, to, relative, chance, better,
                !isYardstick(old) && chance < CHANCE && Math.abs(relative) >= LEAST);
    }

    private static boolean isYardstick(Series series) {
        return series.variant().equals(YARDSTICK.get(series.suite()));
    }

    private static Optional<String> yardstick(Results run, Series series) {
        return Optional.ofNullable(YARDSTICK.get(series.suite()))
                .filter(name -> !isYardstick(series))
                .filter(name -> run.find(series.suite(), series.what(), name).isPresent());
    }

    private static List<Double> samples(Results run, Series series, Optional<String> yardstick) {
        List<Double> own = run.net(series);
        return yardstick
                .map(name -> Results.ratios(own, run.net(run.find(series.suite(), series.what(), name).orElseThrow())))
                .orElse(own);
    }
}
