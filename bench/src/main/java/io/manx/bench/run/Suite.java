package io.manx.bench.run;

import io.manx.bench.changes.ChangesSuite;
import io.manx.bench.growth.GrowthSuite;
import io.manx.bench.paths.PathsSuite;
import io.manx.bench.programs.ProgramsSuite;
import java.util.Locale;

/** What can be measured by itself. */
public enum Suite {
    PROGRAMS(25, 200) {
        @Override
        void run(Bench bench) throws Exception {
            new ProgramsSuite(bench).run();
        }
    },
    PATHS(60, 900) {
        @Override
        void run(Bench bench) throws Exception {
            new PathsSuite(bench).run();
        }
    },
    GROWTH(40, 330) {
        @Override
        void run(Bench bench) throws Exception {
            new GrowthSuite(bench).run();
        }
    },
    CHANGES(30, 90) {
        @Override
        void run(Bench bench) throws Exception {
            new ChangesSuite(bench).run();
        }
    };

    private final double quickSeconds;
    private final double fullSeconds;

    Suite(double quickSeconds, double fullSeconds) {
        this.quickSeconds = quickSeconds;
        this.fullSeconds = fullSeconds;
    }

    abstract void run(Bench bench) throws Exception;

    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What it usually takes. */
    double seconds(Effort effort) {
        return effort.isFull() ? fullSeconds : quickSeconds;
    }
}
