package io.manx.libbpf;

import com.sun.jna.Native;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/** A file descriptor that is closed once, and is never used after. */
final class Descriptor implements AutoCloseable {
    private static final int F_DUPFD_CLOEXEC = 1030;
    private static final int CLOSED = -1;

    private final AtomicInteger fd;
    private final String subject;

    /** @param subject what it stands for, in errors: {@code map manx_flows4} */
    Descriptor(int fd, String subject) {
        this.fd = new AtomicInteger(fd);
        this.subject = subject;
    }

    static Descriptor duplicate(int fd, String subject) {
        int copy = Libc.fcntl(fd, F_DUPFD_CLOEXEC, 3);
        if (copy < 0) {
            throw new BpfException("fcntl", subject, Native.getLastError());
        }
        return new Descriptor(copy, subject);
    }

    /**
     * Opens a pin.
     *
     * @param kind what it must be, as the kernel names its descriptors: {@code bpf-map}, {@code bpf-prog}, {@code bpf-link}
     */
    static Descriptor open(Path pin, String kind) {
        Library.require();
        String subject = "pin " + pin;
        Descriptor opened = new Descriptor(Errno.check(Libbpf.bpf_obj_get(pin.toString()), "bpf_obj_get", subject), subject);
        try {
            String is = Files.readSymbolicLink(Path.of("/proc/self/fd", Integer.toString(opened.fd()))).toString();
            /* A link is bpf_link to some kernels. */
            if (!is.replace('_', '-').endsWith(kind)) {
                throw new BpfException("bpf_obj_get", subject, Errno.EINVAL, "is no " + kind + " but " + is);
            }
            return opened;
        } catch (IOException e) {
            opened.close();
            throw new BpfException("readlink", subject, Errno.EBADF, "its kind cannot be read: " + e.getMessage());
        } catch (BpfException e) {
            opened.close();
            throw e;
        }
    }

    /** @throws IllegalStateException it is closed */
    int fd() {
        int open = fd.get();
        if (open == CLOSED) {
            throw new IllegalStateException(subject + " is closed");
        }
        return open;
    }

    void pin(Path path) {
        Errno.check(Libbpf.bpf_obj_pin(fd(), path.toString()), "bpf_obj_pin", subject + " at " + path);
    }

    @Override
    public void close() {
        int open = fd.getAndSet(CLOSED);
        if (open != CLOSED) {
            Libc.close(open);
        }
    }
}
