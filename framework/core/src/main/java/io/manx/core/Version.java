package io.manx.core;

import java.util.Comparator;

/** A version as OSGi has it: three numbers and a qualifier, absent parts being zero or empty. */
public record Version(int major, int minor, int micro, String qualifier) implements Comparable<Version> {
    public static final Version NONE = new Version(0, 0, 0, "");

    private static final Comparator<Version> ORDER = Comparator.comparingInt(Version::major)
            .thenComparingInt(Version::minor)
            .thenComparingInt(Version::micro)
            .thenComparing(Version::qualifier);

    /** @throws IllegalArgumentException it is none: {@code 1.2.3.beta} is */
    public static Version parse(String text) {
        String[] parts = text.strip().split("\\.", 4);
        try {
            return new Version(
                    Integer.parseInt(parts[0]),
                    parts.length > 1 ? Integer.parseInt(parts[1]) : 0,
                    parts.length > 2 ? Integer.parseInt(parts[2]) : 0,
                    parts.length > 3 ? parts[3] : "");
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("not a version: " + text + " (expected one like 1.2.3)", e);
        }
    }

    @Override
    public int compareTo(Version other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return major + "." + minor + "." + micro + (qualifier.isEmpty() ? "" : "." + qualifier);
    }
}
