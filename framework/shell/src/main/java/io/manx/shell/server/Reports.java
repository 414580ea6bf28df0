package io.manx.shell.server;

import io.manx.api.report.Report;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import org.osgi.framework.Version;

/**
 * The reports of all bundles. Two versions of one bundle offer the same report, and a command is there once: it is the
 * higher version's, whose stages are preferred too.
 */
final class Reports {
    private record Offer(Report report, Version version) {}

    private final List<Offer> offers = new ArrayList<>();

    /**
     * @param version of the bundle that offers it
     * @return whether it is the only one of its name
     */
    synchronized boolean add(Report report, Version version) {
        boolean first = !offered(report.name());
        offers.add(new Offer(report, version));
        return first;
    }

    /** @return whether there is none of its name any more */
    synchronized boolean remove(Report report) {
        offers.removeIf(offer -> offer.report() == report);
        return !offered(report.name());
    }

    private boolean offered(String name) {
        return offers.stream().anyMatch(offer -> offer.report().name().equals(name));
    }

    /** One of each name, in the order of their names. */
    synchronized List<Report> all() {
        TreeMap<String, Report> byName = new TreeMap<>();
        offers.stream()
                .sorted(Comparator.comparing(Offer::version))
                .forEach(offer -> byName.put(offer.report().name(), offer.report()));
        return List.copyOf(byName.values());
    }
}
