package io.manx.resources.yaml;

import io.manx.api.resource.FelixConfiguration;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How many flows a table may hold: there is one of IPv4 and one of IPv6, and the two must leave half of the memory. */
final class TableSizes {
    private static final Path MEMORY = Path.of("/proc/meminfo");
    private static final Pattern TOTAL = Pattern.compile("^MemTotal:\\s+([0-9]+) kB", Pattern.MULTILINE);
    private static final int SHARE = 4;

    /** The kernel's hash rounds up to a power of two, and takes no more than this. */
    private static final int MOST_ENTRIES = 1 << 26;

    private static final String EXPECTED = "a number of flows (at " + FelixConfiguration.BYTES_PER_FLOW
            + " bytes each the tables of IPv4 and IPv6 must fit into half of this machine's memory)";

    private TableSizes() {}

    static OptionalInt read(Fields fields, String name) {
        return fields.value(name)
                .flatMap(value -> value.integer(1, most(totalBytes()), EXPECTED))
                .map(OptionalInt::of)
                .orElseGet(OptionalInt::empty);
    }

    static int most(long memoryBytes) {
        return (int) Math.min(memoryBytes / SHARE / FelixConfiguration.BYTES_PER_FLOW, MOST_ENTRIES);
    }

    static long totalBytes() {
        try {
            Matcher total = TOTAL.matcher(Files.readString(MEMORY));
            if (!total.find()) {
                throw new IllegalStateException(MEMORY + " has no line MemTotal: is /proc mounted?");
            }
            return Long.parseLong(total.group(1)) * 1024;
        } catch (IOException e) {
            throw new UncheckedIOException("reading " + MEMORY + " to judge a table's size: is /proc mounted?", e);
        }
    }
}
