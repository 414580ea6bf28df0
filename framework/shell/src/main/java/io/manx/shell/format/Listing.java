package io.manx.shell.format;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;

/** What a long listing does when nobody reads it any more. */
public final class Listing {
    private Listing() {}

    /** @throws UncheckedIOException the reader is gone, and the rest need not be made */
    public static void stillRead(PrintStream out) {
        if (out.checkError()) {
            throw new UncheckedIOException(new IOException("the reader of this listing has gone"));
        }
    }
}
