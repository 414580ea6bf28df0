package io.manx.libbpf;

import com.sun.jna.Memory;
import java.nio.file.Path;

/** A program in the kernel, as long as this handle, a pin, an attachment or a prog array's row holds it. */
public final class BpfProgram implements AutoCloseable {
    /** As struct bpf_test_run_opts of bpf.h. */
    static final int RUN_BYTES = 80;

    /** Room a program may need beyond the packet it was given. */
    private static final int GROWTH = 512;

    private static final byte[] NO_CONTEXT = {};

    private final String name;
    private final Descriptor descriptor;

    BpfProgram(String name, Descriptor descriptor) {
        this.name = name;
        this.descriptor = descriptor;
    }

    /** Opens a pin; {@link #name} is then the kernel's, 15 characters at most. @throws BpfException there is no program */
    public static BpfProgram open(Path pin) {
        Descriptor descriptor = Descriptor.open(pin, "bpf-prog");
        try {
            return new BpfProgram(ProgramInfo.of(descriptor.fd(), "pin " + pin).name(), descriptor);
        } catch (BpfException e) {
            descriptor.close();
            throw e;
        }
    }

    /**
     * Opens one by the kernel's number, as attachments and rows of prog arrays name theirs; {@link #name} is then the
     * kernel's, 15 characters at most.
     *
     * @throws BpfException ENOENT when it has gone
     */
    public static BpfProgram byId(int id) {
        Library.require();
        String subject = "program " + id;
        int fd = Errno.check(Libbpf.bpf_prog_get_fd_by_id(id), "bpf_prog_get_fd_by_id", subject);
        Descriptor descriptor = new Descriptor(fd, subject);
        try {
            return new BpfProgram(ProgramInfo.of(descriptor.fd(), subject).name(), descriptor);
        } catch (BpfException e) {
            descriptor.close();
            throw e;
        }
    }

    /** @throws IllegalStateException it is closed */
    public int fd() {
        return descriptor.fd();
    }

    public String name() {
        return name;
    }

    /** Runs it once. @param packet from layer 2 on, at least 14 bytes for a tc or xdp program */
    public TestRun run(byte[] packet) {
        return run(packet, 1);
    }

    /** @param repeat times; from the second on the program sees the packet it changed */
    public TestRun run(byte[] packet, int repeat) {
        return run(packet, repeat, NO_CONTEXT);
    }

    /** @param context a {@code struct __sk_buff} to start with: mark, priority, ifindex, cb; empty for none */
    public TestRun run(byte[] packet, int repeat, byte[] context) {
        return run(packet, repeat, context, 0);
    }

    /** @param flags as {@code BPF_F_TEST_*} of bpf.h. @throws BpfException EINVAL where the kernel does not know one */
    public TestRun run(byte[] packet, int repeat, byte[] context, int flags) {
        try (Memory options = Info.zeros(RUN_BYTES);
                Memory in = copy(packet);
                Memory out = Info.zeros(packet.length + GROWTH);
                Memory before = copy(context);
                Memory after = copy(context)) {
            options.setLong(0, RUN_BYTES);
            options.setPointer(8, in);
            options.setPointer(16, out);
            options.setInt(24, packet.length);
            options.setInt(28, packet.length + GROWTH);
            if (context.length > 0) {
                options.setPointer(32, before);
                options.setPointer(40, after);
                options.setInt(48, context.length);
                options.setInt(52, context.length);
            }
            options.setInt(60, repeat);
            options.setInt(68, flags);
            Errno.check(Libbpf.bpf_prog_test_run_opts(fd(), options), "bpf_prog_test_run_opts", "program " + name);
            return new TestRun(
                    options.getInt(56),
                    out.getByteArray(0, options.getInt(28)),
                    options.getInt(64) & 0xffffffffL,
                    context.length == 0 ? context : after.getByteArray(0, options.getInt(52)));
        }
    }

    /** Runs a program of type {@link ProgramType#SYSCALL} once, and gives what it returned: it has no packet. */
    public int call() {
        try (Memory options = Info.zeros(RUN_BYTES)) {
            options.setLong(0, RUN_BYTES);
            Errno.check(Libbpf.bpf_prog_test_run_opts(fd(), options), "bpf_prog_test_run_opts", "program " + name);
            return options.getInt(56);
        }
    }

    private static Memory copy(byte[] bytes) {
        Memory memory = new Memory(Math.max(bytes.length, 1));
        memory.write(0, bytes, 0, bytes.length);
        return memory;
    }

    public ProgramInfo info() {
        return ProgramInfo.of(fd(), "program " + name);
    }

    /** The machine code, all functions one after the other; empty without a JIT. */
    public byte[] jited() {
        return ProgramInfo.jited(fd(), info().jitedBytes(), "program " + name);
    }

    /** @param path in a bpffs, in a folder that exists. @throws BpfException EEXIST when the name is taken */
    public void pin(Path path) {
        descriptor.pin(path);
    }

    @Override
    public void close() {
        descriptor.close();
    }

    @Override
    public String toString() {
        return "program " + name;
    }
}
