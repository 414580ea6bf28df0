package io.manx.shell.format;

import java.io.PrintStream;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Records as lines of columns under headings. Widths come from the first rows; the rows after them are written as they
 * come, so that a table of half a million rows needs no more memory than one of a hundred.
 */
public final class Table {
    private static final int MEASURED_ROWS = 200;
    private static final String GAP = "  ";

    private final PrintStream out;
    private final String indent;
    private final RecordComponent[] columns;
    private final int[] widths;

    private Table(PrintStream out, String indent, RecordComponent[] columns) {
        this.out = out;
        this.indent = indent;
        this.columns = columns;
        this.widths = new int[columns.length];
    }

    /** All rows are records of one type; where there are none, a line says so. */
    public static void write(PrintStream out, String indent, Iterator<? extends Record> rows) {
        if (!rows.hasNext()) {
            out.println(indent + "none");
            return;
        }
        Record first = rows.next();
        new Table(out, indent, first.getClass().getRecordComponents()).write(first, rows);
    }

    /** As {@link #write}, each row at once. */
    public static void writeLive(PrintStream out, Iterator<? extends Record> rows) {
        if (rows.hasNext()) {
            Record first = rows.next();
            Table table = new Table(out, "", first.getClass().getRecordComponents());
            table.heading(first);
            while (rows.hasNext()) {
                Listing.stillRead(out);
                table.line(table.cells(rows.next()));
            }
        }
    }

    private void heading(Record first) {
        List<String> names = Stream.of(columns).map(column -> Names.heading(column.getName())).toList();
        measure(names);
        measure(cells(first));
        line(names);
        line(cells(first));
    }

    private void write(Record first, Iterator<? extends Record> rest) {
        List<List<String>> measured = new ArrayList<>();
        measured.add(Stream.of(columns).map(column -> Names.heading(column.getName())).toList());
        measured.add(cells(first));
        while (rest.hasNext() && measured.size() < MEASURED_ROWS) {
            measured.add(cells(rest.next()));
        }
        measured.forEach(this::measure);
        measured.forEach(this::line);
        Listing listing = new Listing();
        while (rest.hasNext()) {
            line(cells(rest.next()));
            listing.next(out);
        }
    }

    private List<String> cells(Record row) {
        List<String> cells = new ArrayList<>(columns.length);
        for (RecordComponent column : columns) {
            cells.add(Words.of(Components.value(row, column)));
        }
        return cells;
    }

    private void measure(List<String> cells) {
        for (int i = 0; i < widths.length; i++) {
            widths[i] = Math.max(widths[i], cells.get(i).length());
        }
    }

    private void line(List<String> cells) {
        StringBuilder line = new StringBuilder(indent);
        for (int i = 0; i < widths.length; i++) {
            String space = " ".repeat(Math.max(0, widths[i] - cells.get(i).length()));
            line.append(i == 0 ? "" : GAP).append(isNumber(columns[i]) ? space + cells.get(i) : cells.get(i) + space);
        }
        out.println(line.toString().stripTrailing());
    }

    private static boolean isNumber(RecordComponent column) {
        String type = column.getGenericType().getTypeName();
        return type.matches("int|long|double|java\\.util\\.Optional<java\\.lang\\.(Integer|Long|Double)>");
    }
}
