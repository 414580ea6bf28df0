package io.manx.bench.page;

import io.manx.bench.result.Results;
import io.manx.bench.result.Series;
import io.manx.bench.result.Spread;
import java.awt.Color;
import java.awt.Font;
import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.CategorySeries;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.internal.chartpart.Chart;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** The pictures of a run, by name. Medians; what is subtracted is named in the title. */
final class Charts {
    private static final int WIDTH = 920;
    private static final int HEIGHT = 420;
    /** Bars whose names stand in each other's way: aslant, then steep. */
    private static final int SOME = 6;
    private static final int MANY = 10;
    /** Above the highest point. */
    private static final double ROOM = 1.15;
    private static final int MOST_ON_A_STRAIGHT_AXIS = 250;
    /** Told apart also by those who see no red and green (Okabe and Ito). */
    private static final Color[] COLOURS = {
        new Color(0x99, 0x99, 0x99), new Color(0x56, 0xb4, 0xe9), new Color(0xe6, 0x9f, 0x00), new Color(0xcc, 0x79, 0xa7),
        new Color(0x00, 0x9e, 0x73), new Color(0xd5, 0x5e, 0x00), new Color(0xf0, 0xe4, 0x42)
    };
    private static final Color MANX = new Color(0x00, 0x72, 0xb2);
    /** {@code rules: 1000}. */
    private static final Pattern GROWN = Pattern.compile("(.*): (\\d+)");

    private final Results results;

    Charts(Results results) {
        this.results = results;
    }

    Map<String, Chart<?, ?>> all() {
        Map<String, Chart<?, ?>> charts = new LinkedHashMap<>();
        grouped(charts, "programs-established", "Established flows, one at a time, ns a packet without the empty program's",
                what -> what.endsWith(", one flow"), what -> what.replace(", one flow", ""));
        grouped(charts, "programs-tables", "Many flows, and new ones, ns a packet without the empty program's",
                what -> what.contains("flows"), what -> what.replace("v4 udp, ", ""));
        for (String what : results.cases("programs")) {
            if (what.contains("cut off after")) {
                bars(charts, "programs-" + slug(what), what + ", ns a packet", results.of("programs", what));
            }
        }
        for (String what : results.cases("paths")) {
            bars(charts, "paths-" + slug(what), what + ", " + results.of("paths", what).get(0).unit(), results.of("paths", what));
        }
        growth().forEach((name, chart) -> charts.put(name, chart));
        for (String what : results.cases("changes")) {
            if (results.of("changes", what).size() > 1) {
                bars(charts, "changes-" + slug(what), what + ", " + results.of("changes", what).get(0).unit(), results.of("changes", what));
            }
        }
        return charts;
    }

    private void grouped(Map<String, Chart<?, ?>> charts, String name, String title, Predicate<String> wanted,
            UnaryOperator<String> label) {
        List<String> cases = results.cases("programs").stream().filter(wanted).toList();
        Map<String, List<Double>> byVariant = new LinkedHashMap<>();
        for (String what : cases) {
            for (Series series : results.of("programs", what)) {
                if (!series.floor().isEmpty()) {
                    byVariant.computeIfAbsent(series.variant(), v -> new ArrayList<>());
                }
            }
        }
        if (byVariant.isEmpty()) {
            return;
        }
        byVariant.forEach((variant, medians) -> cases.forEach(what -> medians.add(
                results.find("programs", what, variant).map(this::median).orElse(null))));
        CategoryChart chart = categories(title);
        chart.getStyler().setLegendPosition(Styler.LegendPosition.OutsideS);
        chart.getStyler().setLegendLayout(Styler.LegendLayout.Horizontal);
        List<String> labels = cases.stream().map(label).toList();
        byVariant.forEach((variant, medians) -> colour(chart.addSeries(variant, labels, medians), variant, chart.getSeriesMap().size()));
        decimals(chart.getStyler(), byVariant.values().stream().flatMap(List::stream));
        charts.put(name, chart);
    }

    /** As many digits as tell small figures apart. */
    private static void decimals(AxesChartStyler styler, Stream<Double> values) {
        double most = values.filter(Objects::nonNull).mapToDouble(Math::abs).max().orElse(0);
        styler.setYAxisDecimalPattern(most < 20 ? "#,##0.0" : "#,##0");
    }

    private static void colour(CategorySeries series, String variant, int place) {
        series.setFillColor(variant.startsWith("manx") ? MANX : COLOURS[place % COLOURS.length]);
    }

    private void bars(Map<String, Chart<?, ?>> charts, String name, String title, List<Series> all) {
        List<Series> shown = all.stream().filter(each -> !each.floor().isEmpty() || all.stream().allMatch(s -> s.floor().isEmpty())).toList();
        CategoryChart chart = categories(title);
        chart.getStyler().setLegendVisible(false);
        chart.getStyler().setXAxisLabelRotation(shown.size() > MANY ? 60 : shown.size() > SOME ? 30 : 0);
        chart.getStyler().setOverlapped(true);
        List<String> labels = shown.stream().map(Series::variant).toList();
        for (boolean manx : new boolean[] {false, true}) {
            List<Double> medians = new ArrayList<>();
            for (Series each : shown) {
                medians.add(each.variant().startsWith("manx") == manx ? median(each) : null);
            }
            if (medians.stream().anyMatch(Objects::nonNull)) {
                chart.addSeries(manx ? "manx" : "others", labels, medians).setFillColor(manx ? MANX : COLOURS[1]);
            }
        }
        decimals(chart.getStyler(), shown.stream().map(this::median));
        charts.put(name, chart);
    }

    /** Cases that differ in a number at their end are one line a variant. */
    private Map<String, Chart<?, ?>> growth() {
        Map<String, Map<String, List<double[]>>> lines = new LinkedHashMap<>();
        Map<String, String> units = new LinkedHashMap<>();
        for (String what : results.cases("growth")) {
            Matcher grown = GROWN.matcher(what);
            if (grown.matches()) {
                for (Series series : results.of("growth", what)) {
                    if (!series.variant().equals("empty")) {
                        units.put(grown.group(1), series.unit());
                        lines.computeIfAbsent(grown.group(1), w -> new LinkedHashMap<>())
                                .computeIfAbsent(series.variant(), v -> new ArrayList<>())
                                .add(new double[] {Double.parseDouble(grown.group(2)), median(series)});
                    }
                }
            }
        }
        Map<String, Chart<?, ?>> charts = new LinkedHashMap<>();
        lines.forEach((what, variants) -> charts.put("growth-" + slug(what), lines(what, units.get(what), variants)));
        return charts;
    }

    private XYChart lines(String what, String unit, Map<String, List<double[]>> variants) {
        XYChart chart = new XYChartBuilder().width(WIDTH).height(HEIGHT).title(what + ", " + unit).build();
        style(chart.getStyler());
        DoubleSummaryStatistics steps = variants.values().stream().flatMap(List::stream).mapToDouble(point -> point[0]).summaryStatistics();
        chart.getStyler().setXAxisLogarithmic(steps.getMax() > MOST_ON_A_STRAIGHT_AXIS * Math.max(1, steps.getMin()));
        chart.getStyler().setYAxisMin(0.0);
        /* Else a flat line has no ticks but its own. */
        chart.getStyler().setYAxisMax(ROOM * variants.values().stream().flatMap(List::stream).mapToDouble(point -> point[1]).max().orElse(1));
        decimals(chart.getStyler(), variants.values().stream().flatMap(List::stream).map(point -> point[1]));
        chart.getStyler().setLegendPosition(Styler.LegendPosition.OutsideE);
        chart.getStyler().setXAxisDecimalPattern("#,###");
        variants.forEach((variant, points) -> {
            var series = chart.addSeries(variant, points.stream().mapToDouble(point -> point[0]).toArray(),
                    points.stream().mapToDouble(point -> point[1]).toArray());
            Color colour = variant.startsWith("manx") ? MANX : COLOURS[chart.getSeriesMap().size() % COLOURS.length];
            series.setMarker(SeriesMarkers.CIRCLE);
            series.setMarkerColor(colour);
            series.setLineColor(colour);
        });
        return chart;
    }

    private static String slug(String what) {
        return what.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
    }

    private double median(Series series) {
        return Spread.of(results.net(series)).median();
    }

    private static CategoryChart categories(String title) {
        CategoryChart chart = new CategoryChartBuilder().width(WIDTH).height(HEIGHT).title(title).build();
        style(chart.getStyler());
        chart.getStyler().setAvailableSpaceFill(0.8);
        chart.getStyler().setLabelsVisible(true);
        chart.getStyler().setLabelsFont(new Font(Font.SANS_SERIF, Font.PLAIN, 10));
        return chart;
    }

    private static void style(Styler styler) {
        styler.setChartBackgroundColor(Color.WHITE);
        styler.setChartTitleFont(new Font(Font.SANS_SERIF, Font.BOLD, 14));
        styler.setLegendFont(new Font(Font.SANS_SERIF, Font.PLAIN, 11));
        styler.setLegendBorderColor(Color.WHITE);
        styler.setDecimalPattern("#,##0.##");
        if (styler instanceof AxesChartStyler axes) {
            axes.setPlotBorderVisible(false);
            axes.setAxisTickLabelsFont(new Font(Font.SANS_SERIF, Font.PLAIN, 11));
        }
    }
}
