package io.manx.libbpf;

/** The error numbers this package acts on, as in errno.h. */
final class Errno {
    static final int EPERM = 1;
    static final int ENOENT = 2;
    static final int EINTR = 4;
    static final int EIO = 5;
    static final int EBADF = 9;
    static final int ENOMEM = 12;
    static final int EEXIST = 17;
    static final int ENODEV = 19;
    static final int EINVAL = 22;
    static final int ENOSPC = 28;
    static final int ENOSYS = 38;
    static final int ENOLINK = 67;
    static final int ELIBACC = 79;
    static final int EOPNOTSUPP = 95;
    /** The kernel's own, not in errno.h: the map has no such operation. */
    static final int ENOTSUPP = 524;

    private Errno() {}

    /** What the error means, and what would help where that is known. */
    static String describe(int errno) {
        if (errno == ENOTSUPP) {
            return "not supported by this kernel (524)";
        }
        String text = Libc.strerror(errno) + " (" + errno + ")";
        return errno == EPERM ? text + "; it takes root, or CAP_BPF and CAP_NET_ADMIN" : text;
    }

    /** Passes what is no error through. @param result of a libbpf function: negative is -errno */
    static int check(int result, String call, String subject) {
        if (result < 0) {
            throw new BpfException(call, subject, -result);
        }
        return result;
    }

    static boolean unsupported(int errno) {
        return errno == ENOTSUPP || errno == EOPNOTSUPP;
    }
}
