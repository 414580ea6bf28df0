package io.manx.libbpf;

import com.sun.jna.Callback;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What libbpf would print, kept for the error it belongs to instead: only libbpf's words say which map or section it
 * could not make sense of. Outside of a {@link Messages} that is open on the thread they are dropped.
 */
final class Messages implements AutoCloseable {
    private static final int WARN = 0;
    private static final int LONGEST = 4096;
    private static final ThreadLocal<List<String>> CURRENT = new ThreadLocal<>();

    /** Given to libbpf for the life of the process; the reference keeps it from being collected. */
    static final Print PRINT = Messages::keep;

    private final List<String> lines = new ArrayList<>();

    Messages() {
        CURRENT.set(lines);
    }

    /** The first complaint: those after it follow from it. */
    Optional<String> first() {
        return lines.stream().filter(line -> !line.contains("Retrying without")).findFirst();
    }

    @Override
    public void close() {
        CURRENT.remove();
    }

    /** {@code libbpf_print_fn_t} of libbpf.h; the va_list comes as a pointer wherever Manx runs. */
    interface Print extends Callback {
        int print(int level, Pointer format, Pointer arguments);
    }

    private static int keep(int level, Pointer format, Pointer arguments) {
        List<String> lines = CURRENT.get();
        if (lines == null || level != WARN) {
            return 0;
        }
        byte[] text = new byte[LONGEST];
        int length = Libc.vsnprintf(text, text.length, format, arguments);
        lines.add(Native.toString(text).strip().replaceFirst("^libbpf: ", ""));
        return length;
    }
}
