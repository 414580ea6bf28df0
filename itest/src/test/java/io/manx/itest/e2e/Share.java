package io.manx.itest.e2e;

/** How often the tests under load do what they do: {@code bin/test -Dmanx.load=PERCENT}. */
final class Share {
    private static final int PERCENT = Integer.getInteger("manx.load", 100);

    private Share() {}

    /** At least 4, so that each kind of change comes once. */
    static int of(int times) {
        return Math.max(4, times * PERCENT / 100);
    }
}
