package io.manx.shell.format;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;

/** A JSON list, one value a line, written as the values come. Closing it ends the list. */
public final class JsonList implements AutoCloseable {
    private final PrintStream out;
    private final JsonGenerator json;
    private final Listing listing = new Listing();
    private String before = "[\n";

    public JsonList(PrintStream out) {
        this.out = out;
        this.json = Json.generator(out);
    }

    /** @throws UncheckedIOException the reader is gone */
    public void add(Object value) {
        try {
            json.writeRaw(before);
            Json.write(json, value);
        } catch (IOException e) {
            throw new UncheckedIOException("writing JSON", e);
        }
        before = ",\n";
        listing.next(() -> flush(json), out);
    }

    private static void flush(JsonGenerator json) {
        try {
            json.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("writing JSON", e);
        }
    }

    @Override
    public void close() {
        flush(json);
        out.println(before.startsWith("[") ? "[]" : "\n]");
    }
}
