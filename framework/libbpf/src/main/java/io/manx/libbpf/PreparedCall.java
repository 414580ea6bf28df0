package io.manx.libbpf;

import com.sun.jna.Memory;
import java.nio.ByteBuffer;

/**
 * A run of a program of type {@link ProgramType#SYSCALL} with everything laid out: what is left is one call into the
 * kernel, which a signal does not end.
 */
public final class PreparedCall implements AutoCloseable {
    private final BpfProgram program;
    private final Memory options = Info.zeros(BpfProgram.RUN_BYTES);
    private final Memory context;

    PreparedCall(BpfProgram program, ByteBuffer argument) {
        this.program = program;
        this.context = new Memory(argument.capacity());
        context.getByteBuffer(0, argument.capacity()).put(argument.duplicate().clear());
        options.setLong(0, BpfProgram.RUN_BYTES);
        options.setPointer(32, context);
        options.setInt(48, argument.capacity());
    }

    /**
     * Runs it once.
     *
     * @return what the program returned
     * @throws BpfException it did not run
     */
    public int run() {
        int result = Libbpf.bpf_prog_test_run_opts(program.fd(), options);
        if (result < 0) {
            throw new BpfException("bpf_prog_test_run_opts", program.toString(), -result);
        }
        return options.getInt(56);
    }

    @Override
    public void close() {
        options.close();
        context.close();
    }
}
