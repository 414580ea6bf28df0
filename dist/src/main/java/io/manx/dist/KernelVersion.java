package io.manx.dist;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The first two numbers of a kernel's version. */
record KernelVersion(int major, int minor) {
    private static final Pattern NUMBERS = Pattern.compile("(\\d+)\\.(\\d+).*");

    static KernelVersion here() {
        return of(System.getProperty("os.version"));
    }

    /** @param text as {@code uname -r} prints it */
    static KernelVersion of(String text) {
        Matcher numbers = NUMBERS.matcher(text);
        if (!numbers.matches()) {
            throw new IllegalArgumentException(text + " is no version of Linux");
        }
        return new KernelVersion(Integer.parseInt(numbers.group(1)), Integer.parseInt(numbers.group(2)));
    }

    boolean isBefore(KernelVersion other) {
        return major < other.major || major == other.major && minor < other.minor;
    }

    @Override
    public String toString() {
        return major + "." + minor;
    }
}
