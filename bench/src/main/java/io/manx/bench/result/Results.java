package io.manx.bench.result;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All of one run.
 *
 * @param format of this file; raised when a reader of the one before would misread it
 * @param machine what it ran on, by name
 * @param how it ran: options, rounds, the seed of all that is random
 * @param bars the ratios that are judged
 * @param notes what the reader should know: what could not be measured here, and why
 */
public record Results(
        int format,
        Map<String, String> machine,
        Map<String, String> how,
        List<Bar.Judged> bars,
        List<String> notes,
        List<Series> series) {
    public static final int FORMAT = 2;

    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    /** @throws IOException it can't be read, or is no file of results of this format */
    public static Results read(Path file) throws IOException {
        Results read = JSON.readValue(file.toFile(), Results.class);
        if (read.format != FORMAT) {
            throw new IOException(file + " is in format " + read.format + " of `manx bench`, and this one reads " + FORMAT);
        }
        return read;
    }

    public void write(Path file) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        JSON.writeValue(file.toFile(), this);
    }

    public Optional<Series> find(String suite, String what, String variant) {
        return find(series, suite, what, variant);
    }

    static Optional<Series> find(List<Series> all, String suite, String what, String variant) {
        return all.stream().filter(each -> each.is(suite, what, variant)).findFirst();
    }

    /** Its samples without the floor's, round by round. */
    public List<Double> net(Series of) {
        return netOf(series, of);
    }

    public static List<Double> netOf(List<Series> all, Series of) {
        if (of.floor().isEmpty()) {
            return of.samples();
        }
        Series floor = find(all, of.suite(), of.what(), of.floor())
                .orElseThrow(() -> new IllegalStateException(of.key() + " lacks its floor, " + of.floor()));
        List<Double> net = new ArrayList<>();
        for (int i = 0; i < Math.min(of.samples().size(), floor.samples().size()); i++) {
            net.add(of.samples().get(i) - floor.samples().get(i));
        }
        return net;
    }

    /** One series against another, round by round where both have as many; else by the second's median. */
    static List<Double> ratios(List<Double> of, List<Double> against) {
        List<Double> ratios = new ArrayList<>();
        double median = Spread.of(against).median();
        for (int i = 0; i < of.size(); i++) {
            ratios.add(of.get(i) / (of.size() == against.size() ? against.get(i) : median));
        }
        return ratios;
    }

    /** The cases of a suite, in the order in which they were measured. */
    @JsonIgnore
    public List<String> cases(String suite) {
        return series.stream().filter(each -> each.suite().equals(suite)).map(Series::what).distinct().toList();
    }

    @JsonIgnore
    public List<Series> of(String suite, String what) {
        return series.stream().filter(each -> each.suite().equals(suite) && each.what().equals(what)).toList();
    }
}
