package io.manx.core;

import io.manx.api.layout.Layout;
import io.manx.libbpf.BpfMap;
import io.manx.libbpf.BpfObject;
import io.manx.libbpf.BpfProgram;
import io.manx.libbpf.LoadOptions;
import io.manx.libbpf.ObjectSpec;
import io.manx.libbpf.PreparedCall;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes rows of prog arrays by a program in the kernel (rows.bpf.c): up to ROW_WRITES (32) within one system call, so that
 * a kill can't part the two lanes' rows. Of more, as 17 pipelines that change at once may have, a kill between two calls
 * leaves some pipelines, or one lane of one, as they were.
 */
final class RowWriter implements AutoCloseable {
    /** What a row is to hold. */
    record Row(BpfMap array, int row, BpfProgram program) {}

    private static final ObjectSpec SPEC = EntryPrograms.spec("rows.bpf.o");
    private static final Layout LAYOUT = SPEC.btf().struct("row_writes");
    private static final int AT_ONCE = (int) SPEC.btf().constant("ROW_WRITES").orElseThrow();
    private BpfObject object;
    private boolean woken;

    /** Makes a write ready: what is left is one call into the kernel for each ROW_WRITES of them. */
    RowWrite prepare(List<Row> rows) {
        List<PreparedCall> calls = new ArrayList<>();
        for (int first = 0; first < rows.size(); first += AT_ONCE) {
            calls.add(call(rows.subList(first, Math.min(first + AT_ONCE, rows.size()))));
        }
        return new RowWrite(calls, rows.stream().map(row -> row.array().name() + " row " + row.row()).toList());
    }

    void write(List<Row> rows) {
        try (RowWrite write = prepare(rows)) {
            write.run();
        }
    }

    /**
     * Writes a row that no packet reads. The kernel changes machine code with the help of every CPU; one that has been
     * asleep takes longer the first time than the second.
     */
    void wake() {
        BpfMap array = loaded().map("manx_woken");
        array.setProgram(0, loaded().program(woken ? "manx_wakes" : "manx_wakes_too"));
        woken = !woken;
    }

    private PreparedCall call(List<Row> rows) {
        ByteBuffer argument = LAYOUT.allocate();
        LAYOUT.field("count").set(argument, rows.size());
        for (int i = 0; i < rows.size(); i++) {
            Row row = rows.get(i);
            String at = "at[" + i + "].";
            LAYOUT.field(at + "array").set(argument, row.array().fd());
            LAYOUT.field(at + "row").set(argument, row.row());
            LAYOUT.field(at + "program").set(argument, row.program().fd());
        }
        return loaded().program("manx_write_rows").prepare(argument);
    }

    private BpfObject loaded() {
        if (object == null) {
            object = SPEC.load(new LoadOptions());
        }
        return object;
    }

    /** It can be used again. */
    @Override
    public void close() {
        if (object != null) {
            object.close();
            object = null;
        }
    }
}
