package io.manx.bench;

import io.manx.bench.result.Bars;
import io.manx.bench.result.Results;
import io.manx.bench.result.Series;
import io.manx.bench.result.Series.Better;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;

/** Results as a run would have them. */
public final class Given {
    public static final String CASE = "v4 udp, one flow";

    private Given() {}

    public static Results run(Series... series) {
        List<Series> all = List.of(series);
        return new Results(Results.FORMAT, Map.of("processor", "a processor"), Map.of("date", "2026-11-28T09:00:00Z"),
                Bars.judge(all), List.of("a <note>"), all);
    }

    public static Series empty(double... ns) {
        return series("empty", "", ns);
    }

    public static Series monolith(double... ns) {
        return series("monolith", "empty", ns);
    }

    public static Series manx(double... ns) {
        return series("manx", "empty", ns);
    }

    private static Series series(String variant, String floor, double... ns) {
        return new Series("programs", CASE, variant, "ns", Better.LESS, floor, DoubleStream.of(ns).boxed().toList());
    }
}
