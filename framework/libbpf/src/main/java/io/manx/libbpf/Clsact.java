package io.manx.libbpf;

import com.sun.jna.Memory;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Filters on the clsact queueing discipline, for kernels without tcx. Manx's filter has a handle and a priority of its
 * own, so that it is found again, and replaced in place, by any later process. The discipline is made where it is missing
 * and left where it is: without filters it costs nothing, and others may have put theirs there.
 */
public final class Clsact implements Attachment {
    private static final int HANDLE = 0x4d616e78;
    private static final int PRIORITY = 77;
    private static final int REPLACE = 1;

    /** As struct bpf_tc_hook and struct bpf_tc_opts of libbpf.h. */
    private static final int HOOK_BYTES = 24;

    private static final int OPTIONS_BYTES = 32;

    private final int ifindex;
    private final boolean egress;

    private Clsact(int ifindex, boolean egress) {
        this.ifindex = ifindex;
        this.egress = egress;
    }

    /**
     * Attaches, in place of what Manx has there already.
     *
     * @param ifindex of an interface in this process's network namespace
     * @throws BpfException ENODEV when there is no such interface
     */
    public static Attachment attach(BpfProgram program, int ifindex, boolean egress) {
        Clsact filter = new Clsact(ifindex, egress);
        try (Memory hook = filter.hookMemory();
                Messages messages = new Messages()) {
            int made = Libbpf.bpf_tc_hook_create(hook);
            if (made != -Errno.EEXIST) {
                filter.check(made, "bpf_tc_hook_create", messages);
            }
        }
        filter.update(program);
        return filter;
    }

    /** Finds the filter that an earlier process left on the interface; empty when there is none. */
    public static Optional<Attachment> open(int ifindex, boolean egress) {
        Library.require();
        Clsact filter = new Clsact(ifindex, egress);
        return filter.query().isPresent() ? Optional.of(filter) : Optional.empty();
    }

    @Override
    public int ifindex() {
        return ifindex;
    }

    @Override
    public AttachKind kind() {
        return AttachKind.CLSACT;
    }

    @Override
    public Hook hook() {
        return Hook.tc(egress);
    }

    @Override
    public int programId() {
        return query().orElseThrow(() -> new BpfException("bpf_tc_query", toString(), Errno.ENOENT, "is not attached"));
    }

    @Override
    public boolean isAttached() {
        return query().isPresent();
    }

    private OptionalInt query() {
        try (Memory hook = hookMemory();
                Memory options = options();
                Messages messages = new Messages()) {
            int result = Libbpf.bpf_tc_query(hook, options);
            if (gone(result)) {
                return OptionalInt.empty();
            }
            check(result, "bpf_tc_query", messages);
            return OptionalInt.of(options.getInt(16));
        }
    }

    @Override
    public void update(BpfProgram program) {
        try (Memory hook = hookMemory();
                Memory options = options();
                Messages messages = new Messages()) {
            options.setInt(8, program.fd());
            options.setInt(12, REPLACE);
            check(Libbpf.bpf_tc_attach(hook, options), "bpf_tc_attach", messages);
        }
    }

    @Override
    public void pin(Path path) {
        /* The kernel keeps a filter until it is taken off: a pin has nothing to add. */
    }

    @Override
    public void detach() {
        try (Memory hook = hookMemory();
                Memory options = options();
                Messages messages = new Messages()) {
            int result = Libbpf.bpf_tc_detach(hook, options);
            if (!gone(result)) {
                check(result, "bpf_tc_detach", messages);
            }
        }
    }

    /** No filter, no discipline, or no interface. */
    private static boolean gone(int result) {
        return result == -Errno.ENOENT || result == -Errno.EINVAL || result == -Errno.ENODEV;
    }

    /** The kernel's text says more than its number, where it has any. */
    private void check(int result, String call, Messages messages) {
        if (result < 0) {
            String text = messages.first().map(line -> "; " + line).orElse("");
            throw new BpfException(call, toString(), -result, call + " failed: " + Errno.describe(-result) + text);
        }
    }

    private Memory hookMemory() {
        Memory hook = Info.zeros(HOOK_BYTES);
        hook.setLong(0, HOOK_BYTES);
        hook.setInt(8, ifindex);
        hook.setInt(12, egress ? 2 : 1);
        return hook;
    }

    private static Memory options() {
        Memory options = Info.zeros(OPTIONS_BYTES);
        options.setLong(0, OPTIONS_BYTES);
        options.setInt(20, HANDLE);
        options.setInt(24, PRIORITY);
        return options;
    }

    /** Holds nothing that would have to be closed. */
    @Override
    public void close() {}

    @Override
    public String toString() {
        return "clsact " + hook() + " of interface " + ifindex;
    }
}
