package io.manx.dist;

import io.manx.api.report.Report;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A command that one of the default bundles brings, as far as it is known while no Manx runs: enough for its help.
 *
 * @param name as {@link Report#name}
 * @param description as {@link Report#description}
 */
record BundleCommand(String name, String description) implements Report {
    static final List<Report> DEFAULT = List.of(
            command("flows", "connections that packets belong to"),
            command("services", "service addresses and the backends behind them"),
            command("policies", "the policies in the order they are asked"),
            command("routes", "the route table, as copied from the kernel"));

    static boolean isOne(String name) {
        return DEFAULT.stream().anyMatch(command -> command.name().equals(name));
    }

    private static Report command(String name, String what) {
        return new BundleCommand(
                name, "Shows " + what + ". A bundle's command: its help names its filters too while Manx runs.");
    }

    @Override
    public Stream<? extends Record> rows(Map<String, String> filters) {
        throw new IllegalStateException("no Manx is running here");
    }
}
