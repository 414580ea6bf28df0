package io.manx.libbpf;

import com.sun.jna.Native;

/** Waits for packets in flight. */
public final class Membarrier {
    private static final long COMMAND_GLOBAL = 1;

    private Membarrier() {}

    /**
     * Returns when every program that ran at the time of the call has ended (membarrier(2), MEMBARRIER_CMD_GLOBAL): what
     * was unlinked before is then out of use, and counters are final. Takes some milliseconds.
     */
    public static void global() {
        if (Libc.syscall(number(), COMMAND_GLOBAL, 0, 0) < 0) {
            throw new BpfException("membarrier", "this kernel", Native.getLastError());
        }
    }

    private static long number() {
        return switch (System.getProperty("os.arch")) {
            case "amd64" -> 324;
            case "s390x" -> 356;
            case "ppc64le" -> 365;
            default -> 283; /* the number of every architecture that came after */
        };
    }
}
