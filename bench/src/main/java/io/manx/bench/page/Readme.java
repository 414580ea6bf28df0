package io.manx.bench.page;

import io.manx.bench.result.Bar;
import io.manx.bench.result.Results;
import io.manx.bench.result.Series;
import io.manx.bench.result.Spread;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A run as README.md shows it: when and on what it was, two charts, every bar whether it is met or not, and the paths. */
public final class Readme {
    private static final String BEGIN = "<!-- bench -->\n";
    private static final String END = "<!-- /bench -->";
    /** By the name they have in docs/, without .svg: that of the run's chart, and what it shows. */
    private static final Map<String, String> CHARTS = new LinkedHashMap<>();

    static {
        CHARTS.put("paths-cpu-per-packet-injected", "CPU time of a forwarded packet, by every kind of gateway");
        CHARTS.put("programs-established", "Established flows, Manx and hand-written programs");
    }

    private final Results results;

    public Readme(Results results) {
        this.results = results;
    }

    /**
     * @param root the folder with README.md and docs
     * @return the files that were written
     * @throws IOException README.md has not the two lines between which the table goes
     */
    public List<Path> write(Path root) throws IOException {
        Path readme = root.resolve("README.md");
        String text = Files.readString(readme);
        int begin = text.indexOf(BEGIN);
        int end = text.indexOf(END);
        if (begin < 0 || end < begin) {
            throw new IOException(readme + " has no lines " + BEGIN.strip() + " and " + END + ", between which the table goes");
        }
        Map<String, byte[]> pictures = Page.pictures(results);
        List<Path> written = new ArrayList<>(List.of(readme));
        StringBuilder section = new StringBuilder(heading());
        for (Map.Entry<String, String> chart : CHARTS.entrySet()) {
            if (pictures.containsKey(chart.getKey())) {
                Path file = root.resolve("docs/bench-" + chart.getKey() + ".svg");
                Files.write(file, pictures.get(chart.getKey()));
                written.add(file);
                section.append("![").append(chart.getValue()).append("](docs/").append(file.getFileName()).append(")\n\n");
            }
        }
        section.append(bars()).append(paths());
        Files.writeString(readme, text.substring(0, begin + BEGIN.length()) + section + text.substring(end));
        return written;
    }

    private String heading() {
        Map<String, String> machine = results.machine();
        return "`manx bench` on " + fact(results.how(), "date") + " (" + fact(results.how(), "effort") + ", "
                + fact(results.how(), "seconds") + " s), Manx " + words(1, fact(machine, "manx")) + ".\n" + fact(machine, "processor") + ", "
                + fact(machine, "cores") + " cores, Linux " + fact(machine, "kernel").replaceFirst(",.*", "") + "; load (1, 5, 15 min) "
                + words(3, fact(machine, "load at the start")) + " at the start, "
                + words(3, fact(machine, "load at the end")) + " at the end.\n\n";
    }

    /** So many of the first. */
    private static String words(int number, String text) {
        return Stream.of(text.split(" ")).limit(number).collect(Collectors.joining(" "));
    }

    private static String fact(Map<String, String> facts, String name) {
        return cell(facts.getOrDefault(name, "unknown"));
    }

    private String bars() {
        StringBuilder table = new StringBuilder("| what | bar | reached (quartiles) | |\n|---|---|---|---|\n");
        for (Bar.Judged bar : results.bars()) {
            table.append(String.format(Locale.ROOT, "| %s<br><sub>%s</sub> | %s | %s (%s to %s) | %s |%n", cell(bar.what()), cell(bar.sides()),
                    cell(bar.bar()), number(bar.reached()), number(bar.low()), number(bar.high()),
                    bar.met() ? bar.verdict() : "**" + bar.verdict() + "**"));
        }
        return table.append('\n').toString();
    }

    /** CPU per packet and per connection of every way: medians. */
    private String paths() {
        List<Series> ways = results.of("paths", "CPU per packet, injected");
        if (ways.isEmpty()) {
            return "";
        }
        List<String> shown = List.of(
                "CPU per packet, injected", "CPU per packet, sent", "round trip p50, UDP", "TCP connections per second",
                "TCP throughput, no GSO, 1 stream");
        StringBuilder table = new StringBuilder("Every way, medians over the rounds (quartiles: `bin/manx bench page`):\n\n| way |");
        shown.forEach(what -> table.append(' ').append(what).append(unit(what)).append(" |"));
        table.append("\n|---|").append("---:|".repeat(shown.size())).append('\n');
        for (Series way : ways) {
            table.append("| ").append(cell(way.variant())).append(" |");
            for (String what : shown) {
                table.append(' ').append(results.find("paths", what, way.variant())
                        .map(series -> number(Spread.of(results.net(series)).median())).orElse("")).append(" |");
            }
            table.append('\n');
        }
        return table.append('\n').toString();
    }

    private String unit(String what) {
        return results.of("paths", what).stream().findFirst().map(series -> ", " + series.unit()).orElse("");
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, Math.abs(value) < 100 ? "%.2f" : "%,.0f", value);
    }

    /** Bars end a cell. */
    private static String cell(String text) {
        return text.replace("|", "\\|");
    }
}
