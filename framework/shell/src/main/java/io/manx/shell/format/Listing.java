package io.manx.shell.format;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;

/** What a long listing does when nobody reads it any more. */
public final class Listing {
    /** Looking writes out what has been gathered: at every row that would be half of a long listing's time. */
    private static final int ROWS_BETWEEN_LOOKS = 256;

    private int rows;

    /** To be told of each row; looks now and then. @throws UncheckedIOException as {@link #stillRead} */
    public void next(PrintStream out) {
        if (++rows % ROWS_BETWEEN_LOOKS == 0) {
            stillRead(out);
        }
    }

    /** As the other, with what has been gathered elsewhere written out first. */
    void next(Runnable flush, PrintStream out) {
        if (++rows % ROWS_BETWEEN_LOOKS == 0) {
            flush.run();
            stillRead(out);
        }
    }

    /** @throws UncheckedIOException the reader is gone, and the rest need not be made */
    public static void stillRead(PrintStream out) {
        if (out.checkError()) {
            throw new UncheckedIOException(new IOException("the reader of this listing has gone"));
        }
    }
}
