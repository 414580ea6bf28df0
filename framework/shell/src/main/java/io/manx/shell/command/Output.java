package io.manx.shell.command;

import io.manx.shell.Console;
import io.manx.shell.format.Json;
import io.manx.shell.format.Listing;
import io.manx.shell.format.Table;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** The options every command has, and what they mean. */
final class Output {
    @Option(names = "--json", description = "Prints JSON.")
    boolean json;

    @Option(
            names = "--socket",
            paramLabel = "PATH",
            description = "Where the running Manx listens (default /run/manx/manx.sock).")
    String socket;

    private final Console console;

    Output(Console console) {
        this.console = console;
    }

    /** Rows as they come: a list in JSON, a table in text. */
    void rows(Stream<? extends Record> rows) {
        if (json) {
            Json.writeAll(console.out(), rows.iterator());
        } else {
            Table.write(console.out(), "", rows.iterator());
        }
    }

    /** Rows as they happen, each written out at once: in JSON one a line. @throws UncheckedIOException the reader is gone */
    void live(Stream<? extends Record> rows) {
        Iterator<? extends Record> each = rows.iterator();
        if (json) {
            while (each.hasNext()) {
                Json.write(console.out(), each.next());
                Listing.stillRead(console.out());
            }
        } else {
            Table.writeLive(console.out(), each);
        }
    }

    void value(Object value, String text) {
        if (json) {
            Json.write(console.out(), value);
        } else {
            console.out().println(text);
        }
    }
}
