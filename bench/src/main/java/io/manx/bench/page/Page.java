package io.manx.bench.page;

import io.manx.bench.result.Bar;
import io.manx.bench.result.Results;
import io.manx.bench.result.Series;
import io.manx.bench.result.Spread;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.VectorGraphicsEncoder.VectorGraphicsFormat;
import org.knowm.xchart.internal.chartpart.Chart;

/** All of a run on one page that needs nothing beside it, and its charts as files. */
public final class Page {
    private static final String STYLE =
            """
            body { font: 15px/1.45 sans-serif; color: #222; max-width: 960px; margin: 2em auto; padding: 0 1em }
            table { border-collapse: collapse; margin: 1em 0; font-size: 14px }
            td, th { text-align: left; padding: .25em .9em .25em 0; border-bottom: 1px solid #ddd; vertical-align: top }
            td.n, th.n { text-align: right; font-variant-numeric: tabular-nums }
            .met { color: #006d2c } .missed { color: #b30000; font-weight: bold }
            img { max-width: 100% }
            summary { cursor: pointer; margin: .5em 0 }
            """;

    private final Results results;
    private final StringBuilder html = new StringBuilder();

    public Page(Results results) {
        this.results = results;
    }

    /** @param charts a folder that is made */
    public void write(Path page, Path charts) throws IOException {
        Map<String, byte[]> pictures = pictures(results);
        Files.createDirectories(charts);
        for (Map.Entry<String, byte[]> picture : pictures.entrySet()) {
            Files.write(charts.resolve(picture.getKey() + ".svg"), picture.getValue());
        }
        Files.writeString(page, html(pictures));
    }

    /** SVG, by name. */
    static Map<String, byte[]> pictures(Results results) throws IOException {
        Map<String, byte[]> pictures = new LinkedHashMap<>();
        for (Map.Entry<String, Chart<?, ?>> chart : new Charts(results).all().entrySet()) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            VectorGraphicsEncoder.saveVectorGraphic(chart.getValue(), out, VectorGraphicsFormat.SVG);
            pictures.put(chart.getKey(), out.toByteArray());
        }
        return pictures;
    }

    private String html(Map<String, byte[]> pictures) {
        html.append("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>manx bench, ")
                .append(escaped(results.how().get("date"))).append("</title>\n<style>\n").append(STYLE)
                .append("</style></head><body>\n<h1>What Manx costs here</h1>\n");
        facts("How it ran", results.how());
        facts("On what", results.machine());
        notes();
        bars();
        html.append("<h2>Charts</h2>\n<p>Medians. Samples, spreads and what is subtracted: in the table below.</p>\n");
        pictures.forEach((name, svg) -> html.append("<p><img alt=\"").append(escaped(name))
                .append("\" src=\"data:image/svg+xml;base64,").append(Base64.getEncoder().encodeToString(svg)).append("\"></p>\n"));
        everything();
        return html.append("</body></html>\n").toString();
    }

    private void facts(String title, Map<String, String> facts) {
        html.append("<h2>").append(title).append("</h2>\n<table>\n");
        facts.forEach((name, value) -> html.append("<tr><td>").append(escaped(name)).append("</td><td>").append(escaped(value))
                .append("</td></tr>\n"));
        html.append("</table>\n");
    }

    private void notes() {
        if (!results.notes().isEmpty()) {
            html.append("<h2>Notes</h2>\n<ul>\n");
            results.notes().forEach(note -> html.append("<li>").append(escaped(note)).append("</li>\n"));
            html.append("</ul>\n");
        }
    }

    private void bars() {
        html.append("<h2>Bars</h2>\n<p>Ratios within this run, round by round: the median and the quartiles.</p>\n<table>\n")
                .append("<tr><th>what</th><th>bar</th><th class=\"n\">reached</th><th class=\"n\">quartiles</th><th></th></tr>\n");
        for (Bar.Judged bar : results.bars()) {
            html.append(String.format(Locale.ROOT,
                    "<tr><td>%s<br><small>%s</small></td><td>%s</td><td class=\"n\">%.2f</td><td class=\"n\">%.2f to %.2f</td><td class=\"%s\">%s</td></tr>%n",
                    escaped(bar.what()), escaped(bar.sides()), escaped(bar.bar()), bar.reached(), bar.low(), bar.high(),
                    bar.met() ? "met" : "missed", bar.verdict()));
        }
        html.append("</table>\n");
    }

    private void everything() {
        html.append("<h2>Everything</h2>\n");
        for (String suite : results.series().stream().map(Series::suite).distinct().toList()) {
            html.append("<details><summary>").append(escaped(suite)).append("</summary>\n<table>\n<tr><th>case</th><th>variant</th>")
                    .append("<th class=\"n\">median</th><th class=\"n\">quartiles</th><th>unit</th><th class=\"n\">samples</th></tr>\n");
            results.series().stream().filter(each -> each.suite().equals(suite)).forEach(this::row);
            html.append("</table></details>\n");
        }
    }

    private void row(Series each) {
        Spread spread = Spread.of(results.net(each));
        html.append(String.format(Locale.ROOT,
                "<tr><td>%s</td><td>%s</td><td class=\"n\">%,.1f</td><td class=\"n\">%,.1f to %,.1f</td><td>%s%s</td><td class=\"n\">%d</td></tr>%n",
                escaped(each.what()), escaped(each.variant()), spread.median(), spread.low(), spread.high(), escaped(each.unit()),
                each.floor().isEmpty() ? "" : ", less " + escaped(each.floor()), spread.of()));
    }

    private static String escaped(String text) {
        return String.valueOf(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;");
    }
}
