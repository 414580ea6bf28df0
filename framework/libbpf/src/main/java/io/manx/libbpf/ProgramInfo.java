package io.manx.libbpf;

import com.sun.jna.Memory;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A program in the kernel.
 *
 * @param name its first 15 characters
 * @param tag 16 hexadecimal digits, a digest of the instructions
 * @param instructions after the verifier
 * @param verifiedInstructions that the verifier followed, on every path it took: what loading costs. Kernels from 5.16 tell
 * @param jitedBytes of machine code; 0 without a JIT
 * @param loadedNanos since boot
 * @param mapIds of the maps it uses
 */
public record ProgramInfo(
        int id,
        String name,
        ProgramType type,
        String tag,
        int instructions,
        int verifiedInstructions,
        int jitedBytes,
        long loadedNanos,
        List<Integer> mapIds) {

    /** As struct bpf_prog_info of bpf.h. */
    private static final int BYTES = 232;

    private static final int INSTRUCTION_BYTES = 8;

    /** Of the program of this number, as attachments and rows of prog arrays name theirs; empty when it has gone. */
    public static Optional<ProgramInfo> byId(int id) {
        String subject = "program " + id;
        int fd = Libbpf.bpf_prog_get_fd_by_id(id);
        if (fd == -Errno.ENOENT) {
            return Optional.empty();
        }
        try (Descriptor program = new Descriptor(Errno.check(fd, "bpf_prog_get_fd_by_id", subject), subject)) {
            return Optional.of(of(program.fd(), subject));
        }
    }

    static ProgramInfo of(int fd, String subject) {
        try (Memory info = Info.read(fd, BYTES, subject)) {
            return new ProgramInfo(
                    info.getInt(4),
                    info.getString(64),
                    ProgramType.of(info.getInt(0)),
                    HexFormat.of().formatHex(info.getByteArray(8, 8)),
                    info.getInt(20) / INSTRUCTION_BYTES,
                    info.getInt(216),
                    info.getInt(16),
                    info.getLong(40),
                    mapIds(fd, info.getInt(52), subject));
        }
    }

    private static List<Integer> mapIds(int fd, int count, String subject) {
        if (count == 0) {
            return List.of();
        }
        try (Memory info = Info.zeros(BYTES);
                Memory ids = Info.zeros(4L * count)) {
            info.setInt(52, count);
            info.setPointer(56, ids);
            Info.fill(fd, info, subject);
            return IntStream.of(ids.getIntArray(0, count)).boxed().toList();
        }
    }

    /** Empty when the kernel has no JIT, or does not show what it made. */
    static byte[] jited(int fd, int bytes, String subject) {
        if (bytes == 0) {
            return new byte[0];
        }
        try (Memory info = Info.zeros(BYTES);
                Memory code = Info.zeros(bytes)) {
            info.setInt(16, bytes);
            info.setPointer(24, code);
            Info.fill(fd, info, subject);
            return info.getPointer(24) == null ? new byte[0] : code.getByteArray(0, bytes);
        }
    }
}
