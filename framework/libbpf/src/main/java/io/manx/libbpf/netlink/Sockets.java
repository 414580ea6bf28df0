package io.manx.libbpf.netlink;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;

/** The C library's sockets. Below zero: failed, errno is in {@link Native#getLastError}. */
final class Sockets {
    static {
        Native.register(Sockets.class, NativeLibrary.getInstance("libc.so.6"));
    }

    static final int EINTR = 4;
    static final int EAGAIN = 11;
    static final int ENOBUFS = 105;

    static final int MSG_TRUNC = 0x20;
    static final int MSG_DONTWAIT = 0x40;
    static final short POLLIN = 1;

    private Sockets() {}

    static native int socket(int domain, int type, int protocol);

    static native int bind(int fd, byte[] address, int bytes);

    static native int setsockopt(int fd, int level, int option, int[] value, int bytes);

    static native long send(int fd, byte[] message, long bytes, int flags);

    static native long recv(int fd, Pointer buffer, long bytes, int flags);

    static native int poll(Pointer descriptors, long count, int timeoutMillis);

    static native int eventfd(int initial, int flags);

    static native long write(int fd, byte[] bytes, long length);

    static native int close(int fd);
}
