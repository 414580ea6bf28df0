package io.manx.bench.run;

import io.manx.bench.result.Results;
import io.manx.bench.result.Series;
import io.manx.bench.result.Spread;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;

/** The table that grows while the benchmark runs, with the time that is left. */
public final class Progress {
    private final PrintStream out;
    private final long begin = System.nanoTime();
    private double plan;
    private double done;
    private double current;
    private double currentBegan;
    private String suite = "";

    Progress(PrintStream out) {
        this.out = out;
    }

    /** @param seconds that all usually takes */
    void plan(double seconds) {
        plan = seconds;
    }

    /** @param seconds that the part that begins now usually takes */
    void begin(double seconds) {
        current = seconds;
        currentBegan = elapsed();
    }

    void end() {
        done += current;
        current = 0;
    }

    public void say(String text) {
        out.println(clock() + " " + text);
        out.flush();
    }

    private double elapsed() {
        return (System.nanoTime() - begin) / 1e9;
    }

    /** What is left: of the part at work what it usually takes, but a little where it has taken that long already. */
    private String clock() {
        double left = plan - done - Math.min(elapsed() - currentBegan, 0.95 * current);
        return String.format(Locale.ROOT, "[%3.0f %%, %4.0f s, about %4.0f s left]", plan == 0 ? 100 : 100 * (plan - left) / plan, elapsed(), left);
    }

    void done(List<Series> measured, List<Series> all) {
        Series first = measured.get(0);
        if (!first.suite().equals(suite)) {
            suite = first.suite();
            out.println();
        }
        say(suite + ": " + first.what() + ", " + first.unit());
        for (Series each : measured) {
            Spread spread = Spread.of(Results.netOf(all, each));
            out.printf(Locale.ROOT, "      %-34s %12.1f   (%.1f to %.1f, of %d)%n", each.variant(), spread.median(),
                    spread.low(), spread.high(), spread.of());
        }
        out.flush();
    }
}
