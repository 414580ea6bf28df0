package io.manx.dist;

/**
 * What one look at the machine showed.
 *
 * @param required Manx can't run without it
 * @param found one line: what is there, or what is not
 * @param remedy one line: what to do; empty where nothing need be done
 */
record Finding(String name, boolean ok, boolean required, String found, String remedy) {
    static Finding ok(String name, String found) {
        return new Finding(name, true, false, found, "");
    }

    static Finding lacking(String name, String found, String remedy) {
        return new Finding(name, false, true, found, remedy);
    }

    /** Manx runs without it, with less. */
    static Finding less(String name, String found, String remedy) {
        return new Finding(name, false, false, found, remedy);
    }

    boolean prevents() {
        return !ok && required;
    }
}
