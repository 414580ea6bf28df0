package io.manx.core;

/** Where the kernel runs a pipeline. */
public enum Hook {
    TC,
    XDP;

    /** @throws IllegalArgumentException the capability names a hook that is none of these */
    public static Hook parse(String text) {
        for (Hook hook : values()) {
            if (hook.text().equals(text)) {
                return hook;
            }
        }
        throw new IllegalArgumentException("unknown hook " + text + ": expected tc or xdp");
    }

    public String text() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
