package io.manx.shell.format;

import java.io.PrintStream;

/** A JSON list, one value a line, written as the values come. Closing it ends the list. */
public final class JsonList implements AutoCloseable {
    private final PrintStream out;
    private final Listing listing = new Listing();
    private String before = "[\n";

    public JsonList(PrintStream out) {
        this.out = out;
    }

    /** @throws java.io.UncheckedIOException the reader is gone */
    public void add(Object value) {
        out.print(before + Json.text(value));
        before = ",\n";
        listing.next(out);
    }

    @Override
    public void close() {
        out.println(before.startsWith("[") ? "[]" : "\n]");
    }
}
