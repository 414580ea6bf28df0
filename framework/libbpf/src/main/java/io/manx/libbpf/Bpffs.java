package io.manx.libbpf;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import java.nio.file.Path;

/** The file system that pins live in. */
public final class Bpffs {
    private static final int MAGIC = 0xcafe4a11;

    /** More than any struct statfs. */
    private static final int STATFS_BYTES = 256;

    private Bpffs() {}

    /** Whether a path is in a bpffs; false also where there is nothing. */
    public static boolean isMounted(Path path) {
        try (Memory result = Info.zeros(STATFS_BYTES)) {
            return Libc.statfs(path.toString(), result) == 0 && result.getInt(0) == MAGIC;
        }
    }

    /** Mounts one. @param folder that exists. @throws BpfException EPERM without CAP_SYS_ADMIN */
    public static void mount(Path folder) {
        if (Libc.mount("bpf", folder.toString(), "bpf", 0, null) < 0) {
            throw new BpfException("mount", "bpffs at " + folder, Native.getLastError());
        }
    }
}
