package io.manx.bench.run;

import io.manx.bench.result.Series;
import io.manx.bench.result.Series.Better;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A run in the making: takes samples, keeps them, shows how far it is. */
public final class Bench {
    private static final int SETTLE_MS = 250;

    private final Effort effort;
    private final Random random;
    private final Progress progress;
    private final Budget budget;
    private final List<Series> series = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private int passes = 1;

    public Bench(Effort effort, long seed, Progress progress, Budget budget) {
        this.effort = effort;
        this.random = new Random(seed);
        this.progress = progress;
        this.budget = budget;
    }

    public Effort effort() {
        return effort;
    }

    public Progress progress() {
        return progress;
    }

    public List<Series> series() {
        return Collections.unmodifiableList(series);
    }

    public List<String> notes() {
        return Collections.unmodifiableList(notes);
    }

    /** What a reader of the results must know. */
    public void note(String text) {
        notes.add(text);
        progress.say("note: " + text);
    }

    /**
     * To be asked before each round, and before what is dear to set up is set up.
     *
     * @param done rounds of the case so far
     * @param meant that are made where there is time
     */
    public boolean hasTimeFor(String what, int done, int meant) {
        if (done >= meant) {
            return false;
        }
        boolean time = done == 0 ? !budget.isOver() : done < Effort.LEAST_ROUNDS || !budget.isLate();
        if (!time) {
            note(what + ": " + (done == 0 ? "left out, as the time for it was over" : done + " rounds, not " + meant + ", to end in time"));
        }
        return time;
    }

    /** What is measured in a pass. */
    @FunctionalInterface
    public interface Pass {
        void run() throws Exception;
    }

    /**
     * Measures the cases several times over, with a share of the rounds each, but no fewer than a few: what slows the machine for a second is then in
     * some rounds of every case, where it would be in all rounds of one and so not in its spread.
     */
    public void inPasses(int number, Pass cases) throws Exception {
        passes = number;
        try {
            for (int pass = 0; pass < number; pass++) {
                cases.run();
            }
        } finally {
            passes = 1;
        }
    }

    private int roundsOfAPass() {
        int share = effort.rounds() / passes;
        return passes > 1 && !effort.isTiny() ? Math.max(Effort.LEAST_ROUNDS, share) : Math.max(1, share);
    }

    /** Before what is set up for one case: false, with a note, where the time for it is over. */
    public boolean hasTimeFor(String what) {
        return hasTimeFor(what, 0, 1);
    }

    /**
     * Takes a sample of every variant in each round, in an order of its own, after one of each that is thrown away.
     *
     * @return how many rounds: 0 where there is no time left
     */
    public int measure(String suite, String what, String unit, Better better, String floor, List<Variant> variants)
            throws Exception {
        if (!hasTimeFor(suite + ", " + what)) {
            return 0;
        }
        Map<String, List<Double>> samples = new LinkedHashMap<>();
        for (Variant variant : variants) {
            samples.put(variant.name(), new ArrayList<>());
            variant.sample().take();
        }
        settle();
        int rounds = 0;
        do {
            for (Variant variant : shuffled(variants)) {
                samples.get(variant.name()).add(variant.sample().take());
            }
            rounds++;
        } while (hasTimeFor(suite + ", " + what, rounds, roundsOfAPass()));
        List<Series> measured = new ArrayList<>();
        samples.forEach((variant, taken) ->
                measured.add(new Series(suite, what, variant, unit, better, variant.equals(floor) ? "" : floor, taken)));
        add(measured);
        return rounds;
    }

    /** This process, too, has a compiler at work on what is new to it, and whoever shares a core with it is slower. */
    private void settle() throws InterruptedException {
        if (!effort.isTiny()) {
            Thread.sleep(SETTLE_MS);
        }
    }

    public <T> List<T> shuffled(List<T> all) {
        List<T> shuffled = new ArrayList<>(all);
        Collections.shuffle(shuffled, random);
        return shuffled;
    }

    /** What was measured of one case; samples of a pass follow those of the passes before. */
    public void add(List<Series> measured) {
        List<Series> all = measured.stream().map(this::keep).toList();
        progress.done(all, series);
    }

    private Series keep(Series measured) {
        for (int i = 0; i < series.size(); i++) {
            Series before = series.get(i);
            if (before.is(measured.suite(), measured.what(), measured.variant())) {
                List<Double> samples = new ArrayList<>(before.samples());
                samples.addAll(measured.samples());
                series.set(i, new Series(before.suite(), before.what(), before.variant(), before.unit(), before.better(),
                        before.floor(), samples));
                return series.get(i);
            }
        }
        series.add(measured);
        return measured;
    }
}
