package io.manx.libbpf;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Room for the verifier's log of each program of an object; the kernel writes there only when it refuses one. */
final class VerifierLog implements AutoCloseable {
    /** Pages that are never written cost nothing; a kernel that has more to say keeps the end, which matters most. */
    private static final long BYTES = 8 << 20;

    private static final Pattern NO_REASON =
            Pattern.compile("(processed \\d+ insns|max_states_per_insn|mark_precise|verification time|stack depth|;).*");

    /**
     * The line of the source, as clang's line information gives it: {@code ; return *value; @ nat.bpf.c:41}. Kernels before
     * 6.10 leave out where it is.
     */
    private static final Pattern SOURCE = Pattern.compile("; (.*?)( @ (\\S+:\\d+))?");

    private final Map<String, Memory> logs = new LinkedHashMap<>();

    void watch(String program, Pointer handle) {
        Memory log = new Memory(BYTES);
        log.setByte(0, (byte) 0);
        logs.put(program, log);
        Libbpf.bpf_program__set_log_buf(handle, log, BYTES);
    }

    /** The program that was refused, and why; empty when the object failed otherwise. */
    Optional<BpfException> refusal(String object, int errno) {
        for (Map.Entry<String, Memory> log : logs.entrySet()) {
            String text = log.getValue().getString(0, "UTF-8");
            if (!text.isBlank()) {
                String line = usefulLine(text);
                return Optional.of(new BpfException(
                        "bpf_prog_load",
                        object + ": program " + log.getKey(),
                        errno,
                        "refused: " + line,
                        line,
                        text));
            }
        }
        return Optional.empty();
    }

    /** The last line that gives a reason, and the last line of the source before it: its place, or its text. */
    static String usefulLine(String log) {
        List<String> lines = log.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
        int at = lines.size() - 1;
        while (at > 0 && NO_REASON.matcher(lines.get(at)).matches()) {
            at--;
        }
        for (int before = at; before >= 0; before--) {
            Matcher source = SOURCE.matcher(lines.get(before));
            if (source.matches()) {
                return lines.get(at) + place(source);
            }
        }
        return lines.get(at);
    }

    private static String place(Matcher source) {
        return source.group(3) == null
                ? " (at: " + source.group(1) + ")"
                : " (" + source.group(3).replaceFirst(".*/", "") + ")";
    }

    @Override
    public void close() {
        logs.values().forEach(Memory::close);
    }
}
