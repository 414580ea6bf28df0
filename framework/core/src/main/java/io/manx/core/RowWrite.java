package io.manx.core;

import io.manx.libbpf.BpfException;
import io.manx.libbpf.PreparedCall;
import java.util.List;

/** Rows of prog arrays that are about to be written. */
final class RowWrite implements AutoCloseable {
    private final List<PreparedCall> calls;
    private final List<String> rows;

    /** @param rows which rows of what, for errors */
    RowWrite(List<PreparedCall> calls, List<String> rows) {
        this.calls = calls;
        this.rows = rows;
    }

    /** @throws BpfException one of them can't be written; those before it are */
    void run() {
        for (PreparedCall call : calls) {
            int result = call.run();
            if (result < 0) {
                throw new BpfException("bpf_map_update_elem", String.join(", ", rows), -result);
            }
        }
    }

    @Override
    public void close() {
        calls.forEach(PreparedCall::close);
    }
}
